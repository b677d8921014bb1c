import { expect, it } from "vitest";
import manifest from "../../package.json" with { type: "json" };
import { fetchNode, nodeVersion, nodeVersions } from "./nodes.ts";

it("the oldest Node.js that is tried is the oldest that package.json allows", () => {
  expect(`>=${nodeVersions[0]?.name}`).toBe(manifest.engines.node);
});

it("each is called by the beginning of its release", () => {
  for (const { name, release } of nodeVersions) expect(release.startsWith(`${name}.`), release).toBe(true);
});

it("a release that is not in the list can be asked for", () => {
  expect(nodeVersion("23.1.0")).toEqual({ name: "23.1.0", release: "23.1.0" });
});

it("the Node.js that runs us is not fetched", async () => {
  const release = process.versions.node;
  expect(await fetchNode({ name: "this", release }, () => {})).toBe(process.execPath);
});
