import compression from "kafkajs/src/protocol/message/compression/index.js";
import { largestBatch } from "../../bounds.ts";
import { unpackGzip, unpackMembers } from "./gzip.ts";
import { unpackLz4 } from "./lz4.ts";
import { unpackSnappy } from "./snappy.ts";
import { TooMuchError, Workspace } from "./workspace.ts";
import { unpackZstd } from "./zstd.ts";

/** The codecs of kafkajs, by their number; of which `CompressionCodecs` is another name. */
const { Codecs } = compression as {
  readonly Codecs: Record<number, () => object>;
};

const workspace = new Workspace();

type Unpackers = Readonly<Record<number, (packed: Buffer, most: number, into: Workspace) => Buffer>>;

/** How to unpack a batch's records; the keys are the codec numbers in the batch's attributes. */
const ofBatches: Unpackers = {
  0: (records) => records,
  1: unpackGzip,
  2: unpackSnappy,
  3: unpackLz4,
  4: unpackZstd,
};

/** The same for messages of before record batches, which kafkajs reads: it does not verify their checksums. */
const ofMessages: Unpackers = { ...ofBatches, 1: unpackMembers };

/**
 * Unpacks the records of a batch. Synchronous: a batch usually has a few MB at most, and a hop to a thread costs more
 * than it saves. All are unpacked into memory of our own: bindings allocate new memory each time, that of lz4 even a
 * full block of the frame's block size, which costs several times as much as unpacking.
 *
 * @param codec 0 none, 1 gzip, 2 snappy, 3 lz4, 4 zstd
 * @param most in bytes
 * @returns valid until the next call; undefined when there is more than `most`
 * @throws Error when the bytes are not of that codec, or the codec is unknown
 */
export function unpack(codec: number, packed: Buffer, most: number = largestBatch): Buffer | undefined {
  return unpackBy(ofBatches, codec, packed, most);
}

function unpackBy(unpackers: Unpackers, codec: number, packed: Buffer, most: number): Buffer | undefined {
  const unpacker = unpackers[codec];
  if (unpacker === undefined) throw new Error(`unknown compression codec ${codec}`);
  try {
    return unpacker(packed, most, workspace);
  } catch (error) {
    if (error instanceof TooMuchError) return undefined;
    throw error;
  }
}

/** Adds the codecs that kafkajs lacks (snappy, lz4 and zstd), and limits the unpacked size of all, gzip included. */
export function registerCodecs(): void {
  for (const codec of [1, 2, 3, 4]) {
    Codecs[codec] = () => ({
      compress: () => Promise.reject(new Error("compressing is not supported")),
      decompress: async (packed: Buffer) => {
        const unpacked = unpackBy(ofMessages, codec, packed, largestBatch);
        if (unpacked === undefined) throw new Error(`it unpacks to more than ${largestBatch} bytes`);
        // kafkajs keeps it beyond the next batch.
        return Buffer.from(unpacked);
      },
    });
  }
}
