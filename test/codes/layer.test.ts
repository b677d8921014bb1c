import { expect, it } from "vitest";
import { digestOf, hashOf } from "../../src/codes/layer.ts";

const layers = ["a", "b", "c"].map((text) => ({
  file: `${text}.yaml`,
  digest: digestOf(text),
  tables: [],
  formats: [],
}));
const [a, b, c] = layers;

it("the hash of one file is that of its text, and of several another for each text and order", () => {
  if (a === undefined || b === undefined || c === undefined) throw new Error("three layers");
  expect(hashOf([a])).toBe(digestOf("a").slice(0, 12));
  const all = [[a], [b], [a, b], [b, a], [a, b, c], [a, c, b]].map(hashOf);
  expect(new Set(all).size).toBe(all.length);
  expect(hashOf([{ ...a, file: "elsewhere.yaml" }, b])).toBe(hashOf([a, b]));
});
