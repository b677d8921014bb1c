import { createRequire } from "node:module";
import zlib from "node:zlib";
import { largestBatch } from "../../bounds.ts";
import { unpackLz4 } from "./lz4.ts";
import { free } from "./reused-memory.ts";
import { unpackSnappy } from "./snappy.ts";
import { TooMuchError, Workspace } from "./workspace.ts";

/** The codecs of kafkajs, by their number; of which `CompressionCodecs` is another name. */
const { Codecs } = createRequire(import.meta.url)("kafkajs/src/protocol/message/compression/index.js") as {
  readonly Codecs: Record<number, () => object>;
};

const workspace = new Workspace();

/** How to unpack a batch's records; the keys are the codec numbers in the batch's attributes. */
const unpackers: Readonly<Record<number, (packed: Buffer, most: number) => Buffer | undefined>> = {
  0: (records) => records,
  1: (packed, most) =>
    bounded(() => kept(zlib.gunzipSync(packed, inOnePiece(sizeOfGzip(packed), packed, most)))),
  2: (packed, most) => bounded(() => unpackSnappy(packed, begun(most))),
  3: (packed, most) => bounded(() => unpackLz4(packed, begun(most))),
  4: (packed, most) =>
    bounded(() =>
      kept(zlib.zstdDecompressSync(packed, inOnePiece(sizeOfZstd(packed) ?? likelySize, packed, most))),
    ),
};

/**
 * Unpacks the records of a batch. Synchronous: a batch usually has a few MB at most, and a hop to a thread costs more
 * than it saves. snappy and lz4 are implemented here: both bindings allocate new memory each time, lz4's even a full
 * block of the frame's block size, which costs several times as much as unpacking.
 *
 * @param codec 0 none, 1 gzip, 2 snappy, 3 lz4, 4 zstd
 * @param most in bytes
 * @returns valid until the next call; undefined when there is more than `most`
 * @throws Error when the bytes are not of that codec, or the codec is unknown
 */
export function unpack(codec: number, packed: Buffer, most: number = largestBatch): Buffer | undefined {
  const unpacker = unpackers[codec];
  if (unpacker === undefined) throw new Error(`unknown compression codec ${codec}`);
  free(last.buffer);
  return unpacker(packed, most);
}

/** What Node.js has unpacked last, which is freed before the next batch. */
let last: Buffer = Buffer.alloc(0);

/** The size of a batch that does not say it, in bytes: a producer's batches are about alike. */
let likelySize = 0;

function kept(unpacked: Buffer): Buffer {
  last = unpacked;
  likelySize = Math.ceil(1.25 * unpacked.length);
  return unpacked;
}

function bounded(unpacked: () => Buffer): Buffer | undefined {
  try {
    return unpacked();
  } catch (error) {
    if (error instanceof TooMuchError) return undefined;
    if ((error as NodeJS.ErrnoException).code === "ERR_BUFFER_TOO_LARGE") return undefined;
    throw error;
  }
}

function begun(most: number): Workspace {
  workspace.begin(most);
  return workspace;
}

/** A byte of deflate or zstd rarely stands for more, except in long repetitions of one byte. */
const highestRatio = 1024;

/** Makes Node.js unpack into one buffer instead of joining many. @param size as stated in the bytes */
function inOnePiece(size: number, packed: Buffer, most: number): zlib.ZlibOptions & zlib.ZstdOptions {
  // One more: a buffer filled to its last byte would make it allocate another.
  const believed = Math.min(size + 1, packed.length * highestRatio, most);
  return { chunkSize: Math.max(smallestPiece, believed), maxOutputLength: most };
}

/** In bytes: smaller buffers may share memory, which could not be freed. */
const smallestPiece = Buffer.poolSize + 1;

/** The unpacked size of gzip, from its last four bytes. */
function sizeOfGzip(packed: Buffer): number {
  return packed.length < 4 ? 0 : packed.readUInt32LE(packed.length - 4);
}

/**
 * The unpacked size of a zstd frame; undefined if its header lacks it, as where the Java client wrote it
 * (https://www.rfc-editor.org/rfc/rfc8878#section-3.1.1.1).
 */
function sizeOfZstd(packed: Buffer): number | undefined {
  const flags = packed[4] ?? 0;
  const single = (flags & 0x20) !== 0;
  const at = 5 + (single ? 0 : 1) + ([0, 1, 2, 4][flags & 3] ?? 0);
  const bytes = [single ? 1 : 0, 2, 4, 6][flags >> 6] ?? 0;
  if (bytes === 0 || at + bytes > packed.length) return undefined;
  return packed.readUIntLE(at, bytes) + (bytes === 2 ? 256 : 0);
}

/** Adds the codecs that kafkajs lacks (snappy, lz4 and zstd), and limits the unpacked size of all, gzip included. */
export function registerCodecs(): void {
  for (const codec of [1, 2, 3, 4]) {
    Codecs[codec] = () => ({
      compress: () => Promise.reject(new Error("compressing is not supported")),
      decompress: async (packed: Buffer) => {
        const unpacked = unpack(codec, packed);
        if (unpacked === undefined) throw new Error(`it unpacks to more than ${largestBatch} bytes`);
        // kafkajs keeps it beyond the next batch.
        return Buffer.from(unpacked);
      },
    });
  }
}
