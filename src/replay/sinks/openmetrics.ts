import type { Writable } from "node:stream";
import type { ReplayCounts } from "../counts.ts";
import { replaceFile } from "../replace-file.ts";
import { familiesOf, type Labels, samplesOf, type WrittenAs } from "./samples.ts";

export interface OpenMetricsOptions {
  readonly as: WrittenAs;
  /** The labels that keep a replayed series apart from every live one. */
  readonly job: string;
  readonly instance: string;
}

/** How much was written. */
export interface Written {
  samples: number;
  series: number;
  bytes: number;
}

/** Characters in one chunk, about. */
const chunkLength = 64 * 1024;

/**
 * The counts as OpenMetrics 1.0 text, as both `promtool tsdb create-blocks-from openmetrics` and VictoriaMetrics'
 * import read it: times in seconds (milliseconds would be taken for the year 58,800), each series in order of time
 * (what is out of order is dropped without a word), no blank line, `# EOF` at the end. Equal counts give equal bytes.
 *
 * @param written counts along
 * @returns chunks of UTF-8, one after the other as they are asked for
 */
export function* openMetricsText(
  counts: ReplayCounts,
  options: OpenMetricsOptions,
  written: Written,
): Generator<Buffer> {
  let text = "";
  for (const { metric, series: own } of familiesOf(counts, options.as)) {
    text += `# HELP ${metric.family} ${metric.help}\n# TYPE ${metric.family} ${options.as}\n`;
    for (const series of own) {
      const head = `${metric.name}{${labelText(series.labels, options)}} `;
      written.series++;
      for (const { at, value } of samplesOf(series, counts.window, options.as)) {
        written.samples++;
        text += `${head}${value} ${at / 1000}\n`;
        if (text.length < chunkLength) continue;
        yield encode(text, written);
        text = "";
      }
    }
  }
  yield encode(`${text}# EOF\n`, written);
}

/**
 * Writes {@link openMetricsText} to a stream, which stays open, or as a whole file (see {@link replaceFile}).
 *
 * @throws FileError when the file cannot be written, the stream's own error, and an AbortError after the signal
 */
export async function writeOpenMetrics(
  counts: ReplayCounts,
  target: { readonly file: string } | { readonly stream: Writable },
  options: OpenMetricsOptions,
  signal: AbortSignal,
): Promise<Readonly<Written>> {
  const written = { samples: 0, series: 0, bytes: 0 };
  const text = openMetricsText(counts, options, written);
  if ("file" in target) await replaceFile(target.file, text, signal);
  else for (const chunk of text) await writeChunk(target.stream, chunk, signal);
  return written;
}

/** One chunk at a time, each taken before the next is made; an abort does not wait for a reader that has stopped. */
function writeChunk(stream: Writable, chunk: Buffer, signal: AbortSignal): Promise<void> {
  return new Promise((resolve, reject) => {
    signal.throwIfAborted();
    const abort = () => reject(signal.reason);
    signal.addEventListener("abort", abort, { once: true });
    stream.write(chunk, (error) => {
      signal.removeEventListener("abort", abort);
      if (error) reject(error);
      else resolve();
    });
  });
}

function encode(text: string, written: Written): Buffer {
  const chunk = Buffer.from(text);
  written.bytes += chunk.length;
  return chunk;
}

/** Labels in the order of their names. */
function labelText(labels: Labels, { job, instance }: OpenMetricsOptions): string {
  return Object.entries({ ...labels, job, instance })
    .sort(([a], [b]) => (a < b ? -1 : 1))
    .map(([name, value]) => `${name}="${escaped(value)}"`)
    .join(",");
}

function escaped(value: string): string {
  return value.replaceAll("\\", "\\\\").replaceAll('"', '\\"').replaceAll("\n", "\\n");
}
