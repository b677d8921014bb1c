import zlib, { createGunzip, createInflateRaw, deflateRawSync, gzipSync } from "node:zlib";
import { expect, it } from "vitest";
import { type NodeCodec, NodeDecoder } from "../../../src/kafka/wire/node-decoder.ts";
import { TooMuchError, Workspace } from "../../../src/kafka/wire/workspace.ts";

const text = Buffer.from(Array.from({ length: 20_000 }, (_, n) => `receipt ${n} `).join(""));
const packed = gzipSync(text);

/** A codec that counts the decoders that are made, of streams that have what is said. */
function counting(streamOf: () => object) {
  const made = { streams: 0, anew: 0 };
  const codec: NodeCodec = {
    create: () => {
      made.streams++;
      return streamOf() as ReturnType<typeof createGunzip>;
    },
    finish: zlib.constants.Z_FINISH,
    unpackSync: (bytes, limits) => {
      made.anew++;
      return zlib.gunzipSync(bytes, limits);
    },
  };
  const decoder = new NodeDecoder(codec);
  const unpacked = (bytes: Buffer, most: number) => {
    const into = new Workspace();
    into.begin(most);
    decoder.reset();
    decoder.unpack(bytes, most, into);
    return into.take();
  };
  return { made, unpacked };
}

it("makes one stream for all that can be unpacked, and another after what can't", () => {
  const { made, unpacked } = counting(createGunzip);
  for (let i = 0; i < 3; i++) expect(unpacked(packed, 1_000_000).equals(text)).toBe(true);
  expect(made).toEqual({ streams: 1, anew: 0 });
  expect(() => unpacked(packed, 1_000)).toThrow(TooMuchError);
  expect(() => unpacked(packed.subarray(0, 99), 1_000_000)).toThrow("unexpected end of file");
  expect(unpacked(packed, 1_000_000).equals(text)).toBe(true);
  expect(made).toEqual({ streams: 3, anew: 0 });
});

it("tells whether something follows what was unpacked; not so where that can't be told", () => {
  const into = new Workspace();
  const follows = (streamOf: () => object) => {
    const decoder = new NodeDecoder({
      create: () => streamOf() as ReturnType<typeof createInflateRaw>,
      finish: zlib.constants.Z_FINISH,
      unpackSync: (bytes, limits) => zlib.inflateRawSync(bytes, limits),
    });
    return [deflateRawSync(text), Buffer.concat([deflateRawSync(text), Buffer.of(0)])].map((bytes) => {
      into.begin(1_000_000);
      decoder.reset();
      return decoder.unpack(bytes, 1_000_000, into);
    });
  };
  expect(follows(createInflateRaw)).toEqual([true, false]);
  expect(follows(() => ({}))).toEqual([false, false]);
});

it.each([
  { name: "a handle", streamOf: () => ({ _writeState: [0, 0] }) },
  { name: "a handle that writes", streamOf: () => ({ _handle: {}, _writeState: [0, 0] }) },
  { name: "the state of a write", streamOf: () => ({ _handle: { writeSync: () => {} } }) },
])("unpacks each batch by itself where streams don't have $name", ({ streamOf }) => {
  const { made, unpacked } = counting(streamOf);
  for (let i = 0; i < 2; i++) expect(unpacked(packed, 1_000_000).equals(text)).toBe(true);
  expect(() => unpacked(packed, 1_000)).toThrow(TooMuchError);
  expect(made.anew).toBe(3);
});
