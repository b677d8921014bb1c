import { expect, it } from "vitest";
import { valid } from "../../grafana/source/queries.ts";
import { loadCodeMap } from "../../src/codes/load.ts";
import { readRules } from "./files.ts";

/** The failing categories of the recipient's fault that are no state of theirs that is sure: docs/code-map.md says why. */
const unsure = ["unreachable", "blacklist", "number_restricted", "expired"];

it("the valid delivered share leaves out the failures of the recipient's fault, but for four", async () => {
  const loaded = await loadCodeMap("config/code-map.yaml");
  if (!("map" in loaded)) throw new Error("the packaged code map has problems");
  const meant = [...loaded.map.categories]
    .filter(
      ([name, { fault, outcome }]) => fault === "recipient" && outcome === "failed" && !unsure.includes(name),
    )
    .map(([name]) => name);
  const rule = readRules().find(({ record }) => record === "provider_channel:dlr_valid_receipts:increase30m");
  for (const query of [valid, rule?.expr ?? ""]) {
    const left = /category!~"([^"]*)"/.exec(query)?.[1]?.split("|") ?? [];
    expect(left.toSorted()).toEqual(meant.toSorted());
  }
});
