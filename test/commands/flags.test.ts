import { describe, expect, it } from "vitest";
import { describeFlags, parseFlags } from "../../src/commands/flags.ts";

const flags = [
  { name: "port", value: "N", about: "The port" },
  { name: "topic", value: "T", about: "A topic", list: true },
  { name: "quiet", value: undefined, about: "Say nothing" },
];

const rows: { name: string; args: string[]; values: object; positionals: string[] }[] = [
  { name: "nothing", args: [], values: {}, positionals: [] },
  { name: "a value after a blank", args: ["--port", "1"], values: { port: "1" }, positionals: [] },
  { name: "a value after an equals sign", args: ["--port=1"], values: { port: "1" }, positionals: [] },
  { name: "a value that begins with a dash", args: ["--port=-1"], values: { port: "-1" }, positionals: [] },
  { name: "an empty value", args: ["--port="], values: { port: "" }, positionals: [] },
  {
    name: "a value that is a time before now",
    args: ["--port", "-3h"],
    values: { port: "-3h" },
    positionals: [],
  },
  { name: "a lone dash as a value", args: ["--port", "-"], values: { port: "-" }, positionals: [] },
  { name: "a repeated flag", args: ["--port", "1", "--port", "2"], values: { port: "2" }, positionals: [] },
  { name: "a list", args: ["--topic", "a", "--topic=b"], values: { topic: ["a", "b"] }, positionals: [] },
  {
    name: "arguments between flags",
    args: ["x", "--port", "1", "y"],
    values: { port: "1" },
    positionals: ["x", "y"],
  },
  { name: "what follows --", args: ["--", "--port", "-1"], values: {}, positionals: ["--port", "-1"] },
];

describe("parseFlags", () => {
  it("reads a flag that takes no value", () => {
    expect(parseFlags(flags, ["--quiet", "x"])).toMatchObject({
      switches: new Set(["quiet"]),
      positionals: ["x"],
    });
    expect(parseFlags(flags, ["x"]).switches).toEqual(new Set());
    expect(() => parseFlags(flags, ["--quiet=yes"])).toThrow("--quiet takes no value");
  });

  it.each(rows)("reads $name", ({ args, values, positionals }) => {
    const parsed = parseFlags(flags, args);
    expect({ ...parsed.values }).toEqual(values);
    expect(parsed.positionals).toEqual(positionals);
  });

  it("is not led astray by names that objects have anyway", () => {
    expect(() => parseFlags(flags, ["--constructor", "x"])).toThrow("unknown flag --constructor");
    expect(() => parseFlags(flags, ["--__proto__", "x"])).toThrow("unknown flag --__proto__");
  });
});

it("describeFlags aligns what the flags do", () => {
  expect(describeFlags(flags.slice(0, 2))).toBe("  --port N   The port\n  --topic T  A topic (repeatable)\n");
});
