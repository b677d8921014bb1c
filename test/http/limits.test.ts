import { readFileSync } from "node:fs";
import { expect, it } from "vitest";
import { usualLimits } from "../../src/http/limits.ts";
import { tableUnder } from "../docs/markdown.ts";

const readme = tableUnder(readFileSync("README.md", "utf8"), "Limits of HTTP");

it("are told in the README, in their order", () => {
  // how often requests are looked at is nothing that a client sees
  const { checkMs, ...told } = usualLimits;
  const bounds = Object.entries(told).map(([name, bound]) => {
    if (name.endsWith("Ms")) return `${bound / 1000} s`;
    if (name === "gzipFromBytes") return `${bound / 1000} kB`;
    return name.endsWith("Bytes") ? `${bound / 1024} KiB` : `${bound}`;
  });
  expect(readme.map(([, bound]) => bound)).toEqual([...bounds, "none"]);
  expect(checkMs).toBeLessThanOrEqual(1_000);
});

it("name the reasons that the log gives", () => {
  const code = readFileSync("src/http/refusals.ts", "utf8");
  const reasons = [...code.matchAll(/^ {2}(\w+): "/gm)].map(([, reason]) => reason);
  const told = readme.flatMap(([, , , telling = ""]) => /`(\w+)` in the log/.exec(telling)?.[1] ?? []);
  expect(told.sort()).toEqual(reasons.sort());
});
