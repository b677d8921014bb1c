import { readFileSync } from "node:fs";
import { fileURLToPath } from "node:url";
import { describe, expect, it } from "vitest";
import { fields } from "../../src/config/fields.ts";
import { loadSettings } from "../../src/config/load.ts";

const example = fileURLToPath(new URL("../../config/dlr-exporter.yaml", import.meta.url));

describe("the example configuration", () => {
  it("says what holds without it", () => {
    const plain = loadSettings({ flags: {}, env: {} });
    const loaded = loadSettings({ flags: { config: example }, env: {} });
    if ("problems" in loaded || "problems" in plain) throw new Error(JSON.stringify(loaded));
    expect(loaded.settings).toEqual(plain.settings);
  });

  it("shows every key", () => {
    const text = readFileSync(example, "utf8");
    const missing = fields.filter(
      ({ path, secret }) => !secret && path.at(-1) !== "*" && !new RegExp(`\\b${path.at(-1)}:`).test(text),
    );
    expect(missing).toEqual([]);
  });
});
