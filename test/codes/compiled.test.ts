import { readFileSync } from "node:fs";
import { describe, expect, it } from "vitest";
import { compiledMapOf, compiledPacksFor, compileMap } from "../../src/codes/compiled.ts";
import { parsePack } from "../../src/codes/parse-pack.ts";
import { mapOf, parseMapLayer, readerOf } from "../../src/codes/parse.ts";
import { packBase, packSurroundings, smallPack, smallShapes } from "./small-pack.ts";

const around = packSurroundings();
const pack = `${smallPack}${smallShapes}`;
const text = readFileSync("config/code-map.yaml", "utf8");

function parsedMap(of: string, file: string) {
  const { layer } = parseMapLayer(readerOf(of, file), of, file, undefined);
  return { layer, tests: layer.readTests(mapOf(layer)) };
}

function parsedPack(file: string) {
  return parsePack(readerOf(pack, file), pack, file, around).layer;
}

/** What the build writes of a code map and the pack, read again. */
function built(of: string) {
  const { layer, tests } = parsedMap(of, "built/code-map.yaml");
  return JSON.parse(JSON.stringify(compileMap(layer, tests, [parsedPack("built/nimbus.yaml")])));
}

/** All of it but the excerpts of places, which nobody can show of a file that was not parsed. */
function plain(value: unknown): unknown {
  return JSON.parse(JSON.stringify(value, (key, own) => (key === "length" ? undefined : own)));
}

describe("a compiled code map", () => {
  it("is what its text would be read into, with its test rows, under the name that the file has now", () => {
    const { layer, tests } = parsedMap(text, "code-map.yaml");
    const compiled = compiledMapOf(built(text), text, "code-map.yaml");
    expect(compiled?.tables.map(({ entries }) => entries)).toEqual(
      layer.tables.map(({ entries }) => entries),
    );
    expect(plain(compiled?.tables)).toEqual(plain(layer.tables));
    expect([...(compiled?.categories ?? [])]).toEqual([...layer.categories]);
    expect(tests.length).toBeGreaterThan(0);
    expect(plain(compiled?.readTests(mapOf(layer)))).toEqual(plain(tests));
    expect(compiled).toMatchObject({ file: "code-map.yaml", digest: layer.digest, hasTests: true });
  });

  it("is of no use for another text, and in another form", () => {
    expect(compiledMapOf(built(text), `${text}\n`, "code-map.yaml")).toBeUndefined();
    expect(compiledMapOf({ ...built(text), format: 0 }, text, "code-map.yaml")).toBeUndefined();
    expect(compiledMapOf(undefined, text, "code-map.yaml")).toBeUndefined();
  });
});

describe("a compiled pack", () => {
  const packOf = compiledPacksFor(built(packBase), around.categories);

  it("is what its text would be read into, under the name that the file has now", () => {
    const [compiled, parsed] = [packOf(pack, "nimbus.yaml"), parsedPack("nimbus.yaml")];
    expect(compiled?.tables.map(({ entries }) => entries)).toEqual(
      parsed.tables.map(({ entries }) => entries),
    );
    expect(plain(compiled)).toEqual(plain(parsed));
  });

  it("is of no use for another text, other categories, and another form", () => {
    const [name = "", first] = [...around.categories][0] ?? [];
    if (first === undefined) throw new Error("there is a category");
    const renamed = new Map([...around.categories, [name, { ...first, en: "Arrived" }]]);
    expect(packOf(`${pack}\n`, "n.yaml")).toBeUndefined();
    expect(compiledPacksFor(built(packBase), renamed)(smallPack, "n.yaml")).toBeUndefined();
    const older = { ...built(packBase), format: 0 };
    expect(compiledPacksFor(older, around.categories)(smallPack, "n.yaml")).toBeUndefined();
    expect(compiledPacksFor(undefined, around.categories)(smallPack, "n.yaml")).toBeUndefined();
  });
});
