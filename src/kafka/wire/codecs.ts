import zlib from "node:zlib";
import kafkajs from "kafkajs";
import { largestBatch } from "../../bounds.ts";
import { unpackLz4 } from "./lz4.ts";
import { unpackSnappy } from "./snappy.ts";
import { TooMuchError, Workspace } from "./workspace.ts";

const workspace = new Workspace();

/** How a batch's records are packed; the keys are the codec's number in the batch's attributes. */
const unpackers: Readonly<Record<number, (packed: Buffer, most: number) => Buffer | undefined>> = {
  0: (records) => records,
  1: (packed, most) => bounded(() => zlib.gunzipSync(packed, inOnePiece(sizeOfGzip(packed), packed, most))),
  2: (packed, most) => bounded(() => unpackSnappy(packed, begun(most))),
  3: (packed, most) => bounded(() => unpackLz4(packed, begun(most))),
  4: (packed, most) =>
    bounded(() => zlib.zstdDecompressSync(packed, inOnePiece(sizeOfZstd(packed), packed, most))),
};

/**
 * Unpacks the records of a batch. Synchronous: a batch is mostly at most a few MB, and a thread hop costs more than it
 * saves. snappy and lz4 are read here: the bindings of both return new memory each time, and lz4's a whole block of what
 * its producer might have filled, which costs several times what it takes to unpack.
 *
 * @param codec 0 none, 1 gzip, 2 snappy, 3 lz4, 4 zstd
 * @param most in bytes
 * @returns good until the next call; undefined when there is more than that
 * @throws Error when the bytes are not of that codec, or there is no such codec
 */
export function unpack(codec: number, packed: Buffer, most: number = largestBatch): Buffer | undefined {
  const unpacker = unpackers[codec];
  if (unpacker === undefined) throw new Error(`there is no compression codec ${codec}`);
  return unpacker(packed, most);
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

/** No byte of deflate or zstd stands for more than about so many, but where one is repeated. */
const highestRatio = 1024;

/** Has Node.js unpack into one piece of memory, not into many that are joined. @param size as the bytes themselves say */
function inOnePiece(size: number, packed: Buffer, most: number): zlib.ZlibOptions & zlib.ZstdOptions {
  // One more: with the last byte filled, it would take another piece.
  const believed = Math.min(size + 1, packed.length * highestRatio, most);
  return { chunkSize: Math.max(smallestPiece, believed), maxOutputLength: most };
}

/** In bytes; what Node.js takes unless told is more than this, and fits where the size is not known. */
const smallestPiece = 1024;
const usualPiece = 65_536;

/** To how many bytes gzip unpacks, as its last four say. */
function sizeOfGzip(packed: Buffer): number {
  return packed.length < 4 ? 0 : packed.readUInt32LE(packed.length - 4);
}

/** The same of a frame of zstd, where its head says it (https://www.rfc-editor.org/rfc/rfc8878#section-3.1.1.1). */
function sizeOfZstd(packed: Buffer): number {
  const flags = packed[4] ?? 0;
  const single = (flags & 0x20) !== 0;
  const at = 5 + (single ? 0 : 1) + ([0, 1, 2, 4][flags & 3] ?? 0);
  const bytes = [single ? 1 : 0, 2, 4, 6][flags >> 6] ?? 0;
  if (bytes === 0 || at + bytes > packed.length) return usualPiece;
  return packed.readUIntLE(at, bytes) + (bytes === 2 ? 256 : 0);
}

/** Teaches kafkajs the codecs that it lacks (snappy, lz4 and zstd), and to unpack none of them, nor gzip, without end. */
export function registerCodecs(): void {
  const { CompressionCodecs, CompressionTypes } = kafkajs;
  const { GZIP, Snappy, LZ4, ZSTD } = CompressionTypes;
  for (const codec of [GZIP, Snappy, LZ4, ZSTD]) {
    CompressionCodecs[codec as keyof typeof CompressionCodecs] = () => ({
      compress: () => Promise.reject(new Error("nothing is sent to Kafka in packed batches")),
      decompress: async (packed: Buffer) => {
        const unpacked = unpack(codec, packed);
        if (unpacked === undefined) throw new Error(`it unpacks to more than ${largestBatch} bytes`);
        // kafkajs keeps it beyond the next batch.
        return Buffer.from(unpacked);
      },
    });
  }
}
