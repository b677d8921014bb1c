import type { Sample } from "./samples.ts";

/** Samples of one series, in order of time. */
export interface TimeSeries {
  /** The encoded labels, from {@link encodeLabels}. */
  readonly labels: Buffer;
  readonly samples: readonly Sample[];
}

/**
 * Encodes a series' labels as receivers require them: sorted by name.
 *
 * @param labels with `__name__`, none empty
 */
export function encodeLabels(labels: Readonly<Record<string, string>>): Buffer {
  const sorted = Object.entries(labels).sort(([a], [b]) => (a < b ? -1 : 1));
  return Buffer.concat(sorted.map((pair) => field(1, Buffer.concat(pair.map(encodeText)))));
}

/**
 * The message `prometheus.WriteRequest` of remote write 1.0: `TimeSeries timeseries = 1`, which contains `Label
 * labels = 1 {name = 1, value = 2}` and `Sample samples = 2 {double value = 1, int64 timestamp = 2}`. Written by
 * hand: three stable messages don't justify a protobuf library.
 */
export function encodeWriteRequest(series: readonly TimeSeries[]): Buffer {
  return Buffer.concat(
    series.map(({ labels, samples }) => field(1, Buffer.concat([labels, encodeSamples(samples)]))),
  );
}

/** Maximum size of a sample: two tags, two varints of one and ten bytes, a double with its tag. */
const sampleBytes = 22;

function encodeSamples(samples: readonly Sample[]): Buffer {
  const bytes = Buffer.allocUnsafe(samples.length * sampleBytes);
  let end = 0;
  for (const { at, value } of samples) {
    const start = end + 2;
    bytes[end] = 0x12;
    bytes[start] = 0x09;
    end = bytes.writeDoubleLE(value, start + 1);
    bytes[end] = 0x10;
    end = writeVarint(bytes, at, end + 1);
    bytes[start - 1] = end - start;
  }
  return bytes.subarray(0, end);
}

function encodeText(text: string, index: number): Buffer {
  return field(index + 1, Buffer.from(text));
}

function field(number: number, body: Buffer): Buffer {
  const head = Buffer.allocUnsafe(11);
  head[0] = (number << 3) | 2;
  return Buffer.concat([head.subarray(0, writeVarint(head, body.length, 1)), body]);
}

/** @param value a safe integer from 0: a time since 1970 may exceed 32 bits */
function writeVarint(bytes: Buffer, value: number, start: number): number {
  let rest = value;
  let end = start;
  for (; rest > 0x7f; rest = Math.floor(rest / 0x80)) bytes[end++] = (rest % 0x80) | 0x80;
  bytes[end++] = rest;
  return end;
}
