import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";

const dimensions = "{ signature: { from: /sign_name }, number_block: { from: number } }";

/**
 * Writes a configuration for an exporter that reads the demo's topic and counts by signature and prefix.
 *
 * @returns its path, and a function that removes it
 */
export async function writeSettings(topic: string): Promise<{ file: string; remove: () => Promise<void> }> {
  const folder = await mkdtemp(join(tmpdir(), "dlr-exporter-demo-"));
  const file = join(folder, "dlr-exporter.yaml");
  await writeFile(file, `topics: [{ topic: ${topic}, dimensions: ${dimensions} }]\n`);
  return { file, remove: () => rm(folder, { recursive: true, force: true }) };
}
