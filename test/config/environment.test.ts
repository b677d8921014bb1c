import { describe, expect, it } from "vitest";
import { unknownVariables } from "../../src/config/environment.ts";
import { configFile, fields } from "../../src/config/fields.ts";
import { loadSettings } from "../../src/config/load.ts";

const known = [configFile.env, ...fields.flatMap(({ env }) => env ?? [])];

describe("a variable that begins with DLR_", () => {
  it.each([
    { name: "DLR_TOPIC", hint: "Did you mean `DLR_TOPICS`?" },
    { name: "DLR_COMMIT_INTERVAL", hint: "Did you mean `DLR_COMMIT_INTERVAL_MS`?" },
    { name: "DLR_SASL_PASWORD", hint: "Did you mean `DLR_SASL_PASSWORD`?" },
    { name: "DLR_brokers", hint: "Did you mean `DLR_BROKERS`?" },
    { name: "dlr_topics", hint: "Did you mean `DLR_TOPICS`?" },
    { name: "Dlr_Config", hint: "Did you mean `DLR_CONFIG`?" },
    { name: "DLR_KAFKA", hint: `Unset it: no setting has that name. The variables are ${known.join(", ")}.` },
    { name: "DLR_", hint: `Unset it: no setting has that name. The variables are ${known.join(", ")}.` },
  ])("and is none of ours is a problem: $name", ({ name, hint }) => {
    expect(loadSettings({ flags: {}, env: { [name]: "hunter2" } })).toMatchObject({
      problems: [{ file: name, line: 0, column: 0, message: "there is no such variable", hint }],
    });
  });

  it("is shown without its value", () => {
    const loaded = loadSettings({ flags: {}, env: { DLR_SASL_PASWORD: "hunter2", DLR_XYZ: "hunter2" } });
    expect("problems" in loaded && loaded.problems).toHaveLength(2);
    expect(JSON.stringify("problems" in loaded && loaded.problems)).not.toContain("hunter2");
  });

  it("and is ours, empty, or somebody else's is none", () => {
    const env = Object.fromEntries(known.map((name) => [name, "1"]));
    expect(
      unknownVariables({ ...env, DLR_TOPIC: "", DLRX: "1", dlr_topic: "1", KAFKA_BROKERS: "a:1" }),
    ).toEqual([]);
  });

  it("is told beside a configuration file that can't be read", () => {
    const loaded = loadSettings({ flags: { config: "none.yaml" }, env: { DLR_TOPIC: "a" } });
    expect(loaded).toMatchObject({ problems: [{ file: "DLR_TOPIC" }, { file: "--config" }] });
  });
});

/** What Kubernetes sets in each pod for a Service of that name that has a port called metrics. */
function serviceLinks(service: string): Record<string, string> {
  const own = service.toUpperCase().replaceAll("-", "_");
  return {
    [`${own}_SERVICE_HOST`]: "10.96.0.7",
    [`${own}_SERVICE_PORT`]: "9464",
    [`${own}_SERVICE_PORT_METRICS`]: "9464",
    [`${own}_PORT`]: "tcp://10.96.0.7:9464",
    [`${own}_PORT_9464_TCP`]: "tcp://10.96.0.7:9464",
    [`${own}_PORT_9464_TCP_PROTO`]: "tcp",
    [`${own}_PORT_9464_TCP_PORT`]: "9464",
    [`${own}_PORT_9464_TCP_ADDR`]: "10.96.0.7",
  };
}

describe("the variables that Kubernetes sets for a Service", () => {
  it("called dlr-exporter are no problem", () => {
    expect(loadSettings({ flags: {}, env: serviceLinks("dlr-exporter") })).toHaveProperty("settings");
  });

  it("called dlr are one where one of them is ours", () => {
    expect(loadSettings({ flags: {}, env: serviceLinks("dlr") })).toMatchObject({
      problems: [{ file: "DLR_PORT" }],
    });
  });

  it("are problems without the Service", () => {
    const { DLR_EXPORTER_SERVICE_HOST: _, ...others } = serviceLinks("dlr-exporter");
    expect(unknownVariables(others)).toHaveLength(7);
  });
});
