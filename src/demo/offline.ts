import { spawn } from "node:child_process";
import { once } from "node:events";
import { createWriteStream } from "node:fs";
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { Readable } from "node:stream";
import { pipeline } from "node:stream/promises";
import { mainModule } from "../../test/lab/exporter.ts";
import { type DemoOptions, endlessCycle } from "./demo.ts";
import { createStream, ticksPerSecond } from "./stream.ts";

/**
 * Runs the demo's receipts through `classify --input`, which needs no Kafka, and shows its table.
 *
 * @returns whether classify succeeded
 */
export async function runOffline(options: DemoOptions): Promise<boolean> {
  const seconds = options.seconds ?? endlessCycle;
  const stream = createStream({ ...options, seconds });
  const folder = await mkdtemp(join(tmpdir(), "dlr-exporter-demo-"));
  const file = join(folder, "receipts.ndjson");
  try {
    const now = Date.now();
    const ticks = Array.from({ length: seconds * ticksPerSecond }, (_, tick) =>
      stream.tick(now + (tick * 1000) / ticksPerSecond),
    );
    await pipeline(Readable.from(ticks.flat().map((value) => `${value}\n`)), createWriteStream(file));
    const args = [mainModule, "classify", "--input", file, "--output", "table"];
    const child = spawn(process.execPath, args, { stdio: "inherit" });
    const [code] = await once(child, "exit");
    return code === 0;
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}
