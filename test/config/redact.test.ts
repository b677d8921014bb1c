import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { loadSettings } from "../../src/config/load.ts";
import { renderProblems } from "../../src/diagnostics.ts";

let folder = "";
beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), "dlr-excerpt-"));
  writeFileSync(join(folder, "p"), "p");
});
afterAll(() => rmSync(folder, { recursive: true }));

/** What is told of a file that is refused, by whoever renders it. */
function told(yaml: string | Buffer): string {
  const config = join(folder, "dlr.yaml");
  writeFileSync(config, yaml);
  const loaded = loadSettings({ flags: { config }, env: {} });
  if (!("problems" in loaded)) throw new Error("it was accepted");
  return renderProblems(loaded.problems).replaceAll(`${folder}/`, "");
}

/** The lines that are shown, each with what is underlined in it. */
function shown(text: string): string[] {
  return [...text.matchAll(/\n {4}(.*)\n {4}( *)(\^+)/g)].map(([, line = "", blanks = "", carets = ""]) => {
    return `${line.trim()} @ ${line.slice(blanks.length).slice(0, carets.length)}`;
  });
}

const login = "mechanism: plain, username: u";

describe("of a line is shown", () => {
  const rows: { name: string; yaml: string; lines: string[] }[] = [
    {
      name: "a known setting, and no comment",
      yaml: "port: x # as the hunter2 said",
      lines: ["port: x @ x"],
    },
    {
      name: "no value of an unknown key",
      yaml: `sasl: {${login}, password_file: p, pasword: hunter2, more: [hunter2], most: {a: hunter2}} # hunter2`,
      lines: ["pasword", "more", "most"].map(
        (word) =>
          `sasl: {${login}, password_file: (hidden), pasword: (hidden), more: [(hidden)], most: {(hidden): (hidden)}} @ ${word}`,
      ),
    },
    {
      name: "no value of a known secret",
      yaml: 'sasl:\n  mechanism: plain\n  username: u\n  password: "hunter2: # hunter2" # hunter2',
      lines: ["password: (hidden) @ password"],
    },
    {
      name: "a place behind what is hidden",
      yaml: "topics: [{topc: hunter2, topic: a, channel: hunter}]",
      lines: [
        "topics: [{topc: (hidden), topic: a, channel: hunter}] @ topc",
        "topics: [{topc: (hidden), topic: a, channel: hunter}] @ hunter",
      ],
    },
    { name: "no text where a group belongs", yaml: "sasl: hunter2", lines: ["sasl: (hidden) @ (hidden)"] },
    {
      name: "no text where a list of groups belongs",
      yaml: "topics: [hunter2]",
      lines: ["topics: [(hidden)] @ (hidden)"],
    },
    {
      name: "no mapping where text belongs",
      yaml: "group: {hunter2: hunter2}",
      lines: ["group: {(hidden): (hidden)} @ {(hidden): (hidden)}"],
    },
    {
      name: "no key that lost its colon or the blank behind it",
      yaml: `sasl: {${login}, password_file: p, password:hunter2, hunter2}`,
      lines: ["(hidden)", "(hidden)"].map(
        (word) => `sasl: {${login}, password_file: (hidden), (hidden), (hidden)} @ ${word}`,
      ),
    },
    {
      name: "no text of several lines",
      yaml: "pasword: >-\n  hunter2\n  hunter2\nprt: |\n  hunter2\n",
      lines: ["pasword: (hidden) @ pasword", "prt: (hidden) @ prt"],
    },
    {
      name: "no tag and no anchor",
      yaml: "pasword: !hunter2 x\nprt: &hunter2 x\n",
      lines: ["pasword: (hidden) (hidden) @ pasword", "prt: (hidden) (hidden) @ prt"],
    },
    {
      name: "no login in an address",
      yaml: "brokers: ['u:hunter2@h:1']",
      lines: ["brokers: [(hidden)] @ (hidden)"],
    },
    {
      name: "no key in place of its file",
      yaml: "ssl:\n  enabled: true\n  cert_file: '-----BEGIN hunter2'\n",
      lines: ["cert_file: (hidden) @ (hidden)"],
    },
  ];
  it.each(rows)("$name", ({ yaml, lines }) => {
    const text = told(yaml);
    expect(text).not.toContain("hunter2");
    expect(shown(text)).toEqual(lines);
  });
});

describe("of a file that can't be read is shown", () => {
  const rows: { name: string; yaml: string; lines: string[] }[] = [
    { name: "nothing when it is no mapping", yaml: "hunter2", lines: ["(hidden) @ (hidden)"] },
    { name: "nothing of a list", yaml: "- hunter2", lines: ["- (hidden) @ -"] },
    {
      name: "no line without a key",
      yaml: "sasl:\n  username: u\n  pasword:hunter2\nport: 1",
      lines: ["(hidden) @ (hidden)"],
    },
    { name: "an alias' key alone", yaml: "pasword: *hunter2", lines: ["pasword: (hidden) @ (hidden)"] },
    {
      name: "a reserved sign's key alone",
      yaml: "pasword: @hunter2",
      lines: ["pasword: (hidden) @ (hidden)"],
    },
    { name: "a block's key alone", yaml: "pasword: |hunter2", lines: ["pasword: (hidden) @ (hidden)"] },
    { name: "a plain value of a known key", yaml: "port: 1\n host: h", lines: ["port: 1 @ 1"] },
    {
      name: "no value with a mapping in it",
      yaml: "group: a: hunter2",
      lines: ["group: (hidden) @ (hidden)"],
    },
  ];
  it.each(rows)("$name", ({ yaml, lines }) => {
    const text = told(yaml);
    expect(text).not.toContain("hunter2");
    expect(shown(text)[0]).toBe(lines[0]);
  });

  it.each([
    ...[
      "'hunter2",
      '"hunter2',
      "[hunter2",
      "{hunter2",
      '"a" hunter2',
      "? hunter2",
      "a: - hunter2",
      "*hunter2 : a",
      "!'hunter2'",
      "a:-\n hunter2: \n",
      "? {a: hunter2}\n: b",
    ],
    ...["%hunter2\n---\na: b: c", "a: b\n hunter2\n- hunter2", "--- hunter2\n...\nhunter2", '"\\hunter2"'],
  ])("nothing of a secret: %j", (yaml) => {
    expect(told(yaml)).not.toContain("hunter2");
    expect(told(`sasl:\n  pasword: ${yaml}\n`)).not.toContain("hunter2");
  });

  it("no mapping that stands where a key belongs, which the parser would print", async () => {
    const printed = new Promise<Error>((resolve) => process.once("warning", resolve));
    expect(told("sasl:\n  ? {pasword: hunter2}\n  : u\n")).toMatch(
      /^dlr\.yaml:2:5: a key of the file must be a single value\n/,
    );
    // what is said after it is heard after it
    process.emitWarning("nothing else was printed");
    expect((await printed).message).toBe("nothing else was printed");
  });

  it("nothing when it is no UTF-8", () => {
    expect(told(Buffer.from("pasword: hunter2\xe4", "latin1"))).toMatch(/\(it is not UTF-8\)\n.*\n$/);
  });
});

it("places stand where they are behind a byte order mark", () => {
  expect(told("\uFEFFprot: 1\n")).toBe(
    'dlr.yaml:1:1: unknown key "prot" in the file\n' +
      "    prot: (hidden)\n    ^^^^\n    Did you mean `port`?\n",
  );
});
