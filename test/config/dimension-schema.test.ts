import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, describe, expect, it } from "vitest";
import { mostDimensions } from "../../src/config/dimension-schema.ts";
import { loadSettings } from "../../src/config/load.ts";

const folder = mkdtempSync(join(tmpdir(), "dlr-exporter-dimensions-"));
afterAll(() => rmSync(folder, { recursive: true }));

/** Loads a topic with these dimensions, in YAML's flow style. */
function load(dimensions: string) {
  const config = join(folder, "dlr.yaml");
  writeFileSync(config, `topics:\n  - topic: t\n    dimensions: ${dimensions}\n`);
  return loadSettings({ flags: { config }, env: {} });
}

function dimensionsOf(dimensions: string) {
  const loaded = load(dimensions);
  if ("problems" in loaded) throw new Error(JSON.stringify(loaded.problems));
  return loaded.settings.topics[0]?.shape.dimensions;
}

describe("dimensions", () => {
  it("are read in their order, with where their values are", () => {
    const places = ["/sign_name", "header:app", "key", "topic", "[/a, /b]"];
    const written = places.map((from, n) => `d${n}: { from: ${from.replace(":", "\\:")} }`);
    expect(dimensionsOf(`{ ${written.join(", ").replaceAll("\\:", ":")} }`)?.map(({ from }) => from)).toEqual(
      [
        { kind: "receipt", at: ["/sign_name"] },
        { kind: "header", name: "app" },
        { kind: "key" },
        { kind: "topic" },
        { kind: "receipt", at: ["/a", "/b"] },
      ],
    );
    expect(dimensionsOf("{ number_block: { from: number }, country: { from: number } }")).toMatchObject([
      { name: "number_block", from: { kind: "number", as: "number_block" } },
      { name: "country", from: { kind: "number", as: "country" } },
    ]);
  });

  it("name the values of a list, of a mapping and of a file beside the configuration", () => {
    writeFileSync(join(folder, "values.yaml"), "1: marketing\n2: codes\n");
    expect(
      dimensionsOf(
        "{ a: { from: /a, values: [x, y] }, b: { from: /b, values: { 1: one } }, c: { from: /c, values_file: values.yaml } }",
      )?.map(({ values }) => values),
    ).toEqual([{ x: "x", y: "y" }, { "1": "one" }, { "1": "marketing", "2": "codes" }]);
  });

  it("are told in force, each with its place", () => {
    const loaded = load("{ signature: { from: /sign_name } }");
    const rows = "effective" in loaded ? loaded.effective : [];
    expect(rows).toContainEqual({
      key: "topics[0].dimensions.signature.from",
      value: "/sign_name",
      source: `${join(folder, "dlr.yaml")}:3:38`,
    });
  });

  it.each([
    [
      "{ Signature: { from: /a } }",
      "topics[0].dimensions.Signature must have a name of 1 to 32 small letters",
    ],
    ["{ a: { from: sign_name } }", "from must be a JSON Pointer, number, header:NAME, key or topic"],
    ["{ a: { from: /a~2 } }", "is wrong: JSON Pointer"],
    ["{ a: { form: /a } }", 'unknown key "form" in topics[0].dimensions.a'],
    ["{ a: {} }", "topics[0].dimensions.a.from is missing"],
    ["{ a: { from: [/a, key] } }", "must be JSON Pointers where there are several"],
    ["{ phone: { from: number } }", "is for the dimensions number_block and country only"],
    ["{ country: { from: number, match: x } }", "takes neither `match` nor `values` with `from: number`"],
    ["{ a: { from: /a, match: '(' } }", "must be a regular expression as RE2 takes it"],
    ["{ a: { from: /a, values: x } }", "must be a list or a mapping"],
    ["{ a: { from: /a, values: [] } }", "must have an entry"],
    ["{ a: { from: /a, values: [_other] } }", "must not have labels that begin with `_`"],
    ["{ a: { from: /a, values: ['13800138000'] } }", "looks like a phone number"],
    ["{ a: { from: /a, values_file: nowhere.yaml } }", "names a file that can't be read"],
    ["{ a: { from: /a, values: [x], values_file: values.yaml } }", "is there beside `values`"],
    [
      `{ ${Array.from({ length: mostDimensions + 1 }, (_, n) => `d${n}: { from: /a }`).join(", ")} }`,
      `must not be more than ${mostDimensions}`,
    ],
  ])("are refused: %s", (dimensions, message) => {
    const loaded = load(dimensions);
    const problems = "problems" in loaded ? loaded.problems : [];
    expect(problems.map((problem) => problem.message).join("\n")).toContain(message);
    for (const problem of problems) {
      expect(problem.line).toBe(3);
      expect(problem.hint).not.toBe("");
    }
  });
});
