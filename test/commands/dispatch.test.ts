import { describe, expect, it } from "vitest";
import { inProcess } from "./in-process.ts";

const helps: { name: string; argv: string[]; shows: string }[] = [
  { name: "--help", argv: ["--help"], shows: "Commands:\n  run " },
  {
    name: "-h",
    argv: ["-h"],
    shows: "Exit codes: 0 success, 1 failure, 2 wrong usage or configuration.",
  },
  { name: "help", argv: ["help"], shows: "Commands:" },
  { name: "help run", argv: ["help", "run"], shows: "dlr-exporter run --config dlr-exporter.yaml" },
  { name: "run --help", argv: ["run", "--port", "1", "--help"], shows: "--commit-interval MS" },
  { name: "classify -h", argv: ["classify", "-h"], shows: "dlr-exporter classify 12 DB:0141 -103" },
  { name: "check --help", argv: ["check", "--help"], shows: "dlr-exporter check --config dlr-exporter.yaml" },
  { name: "--version", argv: ["--version"], shows: "0." },
];

describe("help", () => {
  it.each(helps)("$name goes to stdout with exit code 0", async ({ argv, shows }) => {
    const { code, stdout, stderr } = await inProcess(argv);
    expect({ code, stderr }).toEqual({ code: 0, stderr: "" });
    expect(stdout).toContain(shows);
  });

  it("fits a terminal of 120 columns", async () => {
    const { stdout: overview } = await inProcess(["help"]);
    const names = [...overview.matchAll(/^ {2}(\w+) {2,}\w/gm)].map(([, name]) => name ?? "");
    expect(names).toEqual([
      "run",
      "replay",
      "classify",
      "sample",
      "find",
      "check",
      "codes",
      "schema",
      "completion",
    ]);
    const texts = await Promise.all(names.map(async (name) => (await inProcess(["help", name])).stdout));
    expect(
      [overview, ...texts].flatMap((text) => text.split("\n")).filter((line) => line.length > 120),
    ).toEqual([]);
  });
});

const slips: { name: string; argv: string[]; says: string }[] = [
  { name: "no command", argv: [], says: "a command is missing\nSee dlr-exporter --help\n" },
  {
    name: "a misspelt command",
    argv: ["clasify", "12"],
    says: "unknown command clasify; did you mean classify?\nSee dlr-exporter --help\n",
  },
  {
    name: "a command like no other",
    argv: ["xyzzyxyzzy"],
    says: "unknown command xyzzyxyzzy\nSee dlr-exporter --help\n",
  },
  {
    name: "help for a misspelt command",
    argv: ["help", "chek"],
    says: "unknown command chek; did you mean check?\nSee dlr-exporter --help\n",
  },
  {
    name: "a misspelt flag",
    argv: ["run", "--brokres", "a:1"],
    says: "unknown flag --brokres; did you mean --brokers?\nSee dlr-exporter run --help\n",
  },
  {
    name: "a flag of another command",
    argv: ["check", "--input", "x"],
    says: "unknown flag --input\nSee dlr-exporter check --help\n",
  },
  {
    name: "a short flag",
    argv: ["run", "-p", "1"],
    says: "unknown flag -p\nSee dlr-exporter run --help\n",
  },
  {
    name: "a flag without its value",
    argv: ["run", "--port"],
    says: "--port needs a value\nSee dlr-exporter run --help\n",
  },
  {
    name: "a flag followed by a flag",
    argv: ["run", "--host", "--port", "1"],
    says: "--host needs a value\nSee dlr-exporter run --help\n",
  },
  {
    name: "an argument that run does not take",
    argv: ["run", "sms.receipts"],
    says: "run takes flags only, not sms.receipts\nSee dlr-exporter run --help\n",
  },
  {
    name: "an argument that check does not take",
    argv: ["check", "dlr.yaml"],
    says: "check takes flags only, not dlr.yaml\nSee dlr-exporter check --help\n",
  },
];

describe("a slip", () => {
  it.each(slips)("$name: exit code 2, and stderr says what to do", async ({ argv, says }) => {
    expect(await inProcess(argv)).toEqual({ code: 2, stdout: "", stderr: `dlr-exporter: ${says}` });
  });
});

it("run does not start with a bad setting", async () => {
  const { code, stdout, stderr } = await inProcess(["run", "--port", "none"]);
  expect({ code, stdout }).toEqual({ code: 2, stdout: "" });
  expect(stderr).toContain("--port: port must be a whole number from 0 to 65535, not `none`\n");
});
