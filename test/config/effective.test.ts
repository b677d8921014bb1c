import { describe, expect, it } from "vitest";
import { SettingsDocument } from "../../src/config/document.ts";
import { effectiveSettings, textOf } from "../../src/config/effective.ts";

/** Rows as `key=value (source)`. */
function rowsOf(document: SettingsDocument): string[] {
  return effectiveSettings(document).map(({ key, value, source }) => `${key}=${value} (${source})`);
}

function written(text: string): SettingsDocument {
  return new SettingsDocument("dlr.yaml", text);
}

/** The rows of one group or list. */
function rowsUnder(group: string, document: SettingsDocument): string[] {
  return rowsOf(document).filter((row) => row.startsWith(group));
}

describe("the settings in force", () => {
  it("are told with the place in the file, the flag or variable, or as defaults", () => {
    const document = written("group: mine\nport: 1\n");
    document.set(["port"], "2", "DLR_PORT");
    expect(rowsOf(document)).toEqual(
      expect.arrayContaining(["group=mine (dlr.yaml:1:8)", "port=2 (DLR_PORT)", "host=0.0.0.0 (default)"]),
    );
  });

  it("of one topic come before those of the next, and what a flag says of all stands in each", () => {
    const document = written("topics:\n  - topic: a\n    format: tmc-sms\n  - topic: b\n");
    document.set(["topics", "*", "provider"], "acme", "--provider");
    expect(rowsUnder("topics", document)).toEqual([
      "topics[0].topic=a (dlr.yaml:2:12)",
      "topics[0].format=tmc-sms (dlr.yaml:3:13)",
      "topics[0].provider=acme (--provider)",
      "topics[0].utc_offset=+08:00 (default)",
      "topics[1].topic=b (dlr.yaml:4:12)",
      "topics[1].format=auto (default)",
      "topics[1].provider=acme (--provider)",
      "topics[1].utc_offset=+08:00 (default)",
    ]);
  });

  it("have the defaults of a group only where there is the group", () => {
    expect(rowsUnder("sasl", written("group: g\n"))).toEqual([]);
    expect(rowsUnder("sasl", written("sasl: { username: u }\n"))).toContain(
      "sasl.username=u (dlr.yaml:1:19)",
    );
  });

  it("show no secret, and nothing that looks like one, but where it was said", () => {
    const document = written("client_id: u:hunter2@host\nsasl: { username: u }\n");
    document.set(["sasl", "password"], "hunter2", "DLR_SASL_PASSWORD");
    expect(rowsOf(document)).toEqual(
      expect.arrayContaining([
        "client_id=(hidden) (dlr.yaml:1:12)",
        "sasl.password=(hidden) (DLR_SASL_PASSWORD)",
      ]),
    );
    expect(rowsOf(document).join()).not.toContain("hunter2");
  });
});

describe("the text of a value", () => {
  const rows: readonly { value: unknown; text: string | undefined }[] = [
    { value: "a", text: "a" },
    { value: "", text: "" },
    { value: ["a", "b"], text: "a,b" },
    { value: { a: "b" }, text: undefined },
    { value: ["a", { b: "c" }], text: undefined },
    { value: undefined, text: undefined },
  ];
  it.each(rows)("of $value is $text", ({ value, text }) => {
    expect(textOf(value)).toBe(text);
  });
});
