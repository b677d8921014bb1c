import { readFileSync } from "node:fs";
import { expect, it } from "vitest";
import { usualLimits } from "../../src/http/limits.ts";
import { tableUnder } from "../docs/markdown.ts";
import { readPage } from "../docs/pages.ts";

const documented = tableUnder(readPage("docs/configuration.md"), "Limits of HTTP");

it("are documented, in their order", () => {
  // how often requests are looked at is nothing that a client sees
  const { checkMs, ...told } = usualLimits;
  const bounds = Object.entries(told).map(([name, bound]) => {
    if (name.endsWith("Ms")) return `${bound / 1000} s`;
    if (name === "gzipFromBytes") return `${bound / 1000} kB`;
    return name.endsWith("Bytes") ? `${bound / 1024} KiB` : `${bound}`;
  });
  expect(documented.map(([, bound]) => bound)).toEqual([...bounds, "none"]);
  expect(checkMs).toBeLessThanOrEqual(1_000);
});

it("name the reasons that the log gives", () => {
  const code = readFileSync("src/http/refusals.ts", "utf8");
  const reasons = [...code.matchAll(/^ {2}(\w+): "/gm)].map(([, reason]) => reason);
  const told = documented.flatMap(([, , , telling = ""]) => /`(\w+)` in the log/.exec(telling)?.[1] ?? []);
  expect(told.sort()).toEqual(reasons.sort());
});
