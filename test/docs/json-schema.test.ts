import { readdirSync, readFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { Ajv2020 } from "ajv/dist/2020.js";
import { describe, expect, it } from "vitest";
import { parse } from "yaml";
import { inProcess } from "../commands/in-process.ts";

// strict: a word that it does not know, or a type that makes no sense, is an error
const ajv = new Ajv2020({ allowUnionTypes: true, allErrors: true, strictRequired: false });

const names = ["config", "code-map", "provider"] as const;
const committed = new Map(names.map((name) => [name, readFileSync(`config/schema/${name}.json`, "utf8")]));
const validators = new Map(
  names.map((name) => [name, ajv.compile(JSON.parse(committed.get(name) ?? ""))] as const),
);

/** What is wrong with a text by a schema, read as an editor reads YAML, and as the program does. */
function wrongIn(name: (typeof names)[number], text: string): string[] {
  return (["core", "failsafe"] as const).flatMap((schema) => {
    const validate = validators.get(name);
    if (validate?.(parse(text, { schema })) === true) return [];
    return (validate?.errors ?? []).map(
      ({ instancePath, message }) => `${schema}: ${instancePath} ${message}`,
    );
  });
}

const shipped = [
  { file: "config/dlr-exporter.yaml", name: "config" as const },
  { file: "config/code-map.yaml", name: "code-map" as const },
  ...readdirSync("config/providers").map((file) => ({
    file: `config/providers/${file}`,
    name: "provider" as const,
  })),
];

it.each(names)("%s is committed as the program prints it", async (name) => {
  const { code, stdout } = await inProcess(["schema", name]);
  expect(code).toBe(0);
  expect(stdout).toBe(committed.get(name));
});

it("no machine's path stands in them", () => {
  expect([...committed.values()].filter((text) => text.includes(process.cwd()))).toEqual([]);
});

describe("shipped files", () => {
  it.each(shipped)("$file is valid by the schema that its first line names", ({ file, name }) => {
    const text = readFileSync(file, "utf8");
    const [, path = ""] = /^# yaml-language-server: \$schema=(\S+)\n/.exec(text) ?? [];
    expect(join(dirname(file), path)).toBe(join("config/schema", `${name}.json`));
    expect(wrongIn(name, text)).toEqual([]);
  });
});

describe("what the program refuses, the schema refuses", () => {
  const pack = "version: 1\nprovider: p\nnames: { en: P, zh: P }\n";
  const object = (own: string) => `${pack}shapes: { f: { reads: it, objects: [{ ${own} }] } }`;
  const scope = (own: string) => `${pack}scopes: { s: { channel: sms, kind: receipt, title: S, ${own} } }`;
  const good = [
    { name: "config" as const, text: "port: 9464\nssl: { enabled: false }\nbrokers: ['h:1']" },
    {
      name: "config" as const,
      text: "topics: [{ topic: t, format: json, json: { code: /c, failed: [0, no] } }]",
    },
    { name: "config" as const, text: "topics: [{ topic: t, formats: [mine, auto], ignore: [{ has: /a }] }]" },
    {
      name: "provider" as const,
      text: object(
        "when: [{ has: /a }, [{ has: /b }, { has: /c }]], code: [/c, { at: /d, except: 0 }], number: [/n, /m]",
      ),
    },
    { name: "provider" as const, text: scope("codes: { blacklist: ['1', 2, { code: 3, retryable: yes }] }") },
    {
      name: "code-map" as const,
      text: "version: 1\nproviders: { p: { s: { codes: { 1: { category: a } } } } }",
    },
  ];
  it.each(good)("but not $text", ({ name, text }) => {
    expect(wrongIn(name, text)).toEqual([]);
  });

  const bad = [
    { name: "config" as const, text: "prot: 1" },
    { name: "config" as const, text: "port: 65536" },
    { name: "config" as const, text: "port:" },
    { name: "config" as const, text: "log_level: loud" },
    { name: "config" as const, text: "sasl: { mechanism: plain, username: u, password: p }" },
    { name: "config" as const, text: "topics: [{ format: auto }]" },
    { name: "config" as const, text: "topics: [{ topic: t, json: { code: c } }]" },
    { name: "config" as const, text: "topics: [{ topic: t, ignore: [{ at: /a }] }]" },
    { name: "config" as const, text: "topics: [{ topic: t, utc_offset: CST }]" },
    { name: "provider" as const, text: pack },
    { name: "provider" as const, text: object("code: /c, cod: /d") },
    { name: "provider" as const, text: object("when: [{ has: /a }]") },
    { name: "provider" as const, text: object("code: /c, otherwise: delivered") },
    { name: "provider" as const, text: object("when: [{ has: /a }], scope: s, code: /c, number: n") },
    { name: "provider" as const, text: scope("codes: { blacklist: [{ code: '1', outcome: lost }] }") },
    { name: "provider" as const, text: scope("codes: [1]") },
    { name: "code-map" as const, text: "version: 2\nproviders: {}" },
    {
      name: "code-map" as const,
      text: "version: 1\nproviders: { p: { s: { codes: { 1: { kategory: a } } } } }",
    },
  ];
  it.each(bad)("$text", ({ name, text }) => {
    expect(wrongIn(name, text)).not.toEqual([]);
  });
});

it.each([[["schema"]], [["schema", "config", "provider"]], [["schema", "providr"]]])(
  "%j is no use of it",
  async (argv) => {
    const { code, stderr } = await inProcess(argv);
    expect(code).toBe(2);
    expect(stderr).toMatch(/config, code-map, provider|did you mean provider\?/);
  },
);
