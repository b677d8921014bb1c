import { describe, expect, it } from "vitest";
import { fields, settingFlags } from "../../src/config/fields.ts";

describe("the table of settings", () => {
  it("has no name twice", () => {
    const names = fields.flatMap(({ env, flag }) => [env, flag && `--${flag.name}`]).filter(Boolean);
    expect(names).toEqual([...new Set(names)]);
  });

  it("has the flags of the command line", () => {
    expect(settingFlags.map(({ name }) => name).sort()).toEqual([
      "brokers",
      "code-map",
      "code-maps",
      "commit-interval",
      "config",
      "format",
      "group",
      "host",
      "log-level",
      "port",
      "provider",
      "scope",
      "topic",
    ]);
  });

  const variables: { name: string; key: string; env: string | undefined }[] = [
    { name: "a key", key: "commit_interval_ms", env: "DLR_COMMIT_INTERVAL_MS" },
    { name: "a key of a group", key: "sasl.password_file", env: "DLR_SASL_PASSWORD_FILE" },
    { name: "the topics", key: "topics", env: "DLR_TOPICS" },
    { name: "what is said of each topic", key: "topics[].format", env: "DLR_FORMAT" },
    { name: "a topic's name, which DLR_TOPICS gives", key: "topics[].topic", env: undefined },
    { name: "a pointer", key: "topics[].json.code", env: undefined },
  ];
  it.each(variables)("names the variable of $name", ({ key, env }) => {
    const field = fields.find((candidate) => candidate.key === key);
    expect(field).toBeDefined();
    expect(field?.env).toBe(env);
  });
});
