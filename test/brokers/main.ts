import { mkdirSync, mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join, resolve } from "node:path";
import { type Cell, runCell } from "./cell.ts";
import { cellNotes, matrixTable } from "./matrix-table.ts";
import { help, type MatrixOptions, readOptions } from "./options.ts";

function say(line: string): void {
  process.stderr.write(`${line}\n`);
}

/** Runs every cell, one after the other, for two brokers at once would slow each other down into timeouts. */
async function runMatrix({ brokers, nodes, tests }: MatrixOptions, results: string): Promise<Cell[]> {
  const cells: Cell[] = [];
  for (const kafka of brokers) {
    for (const node of nodes) {
      if (interrupted) return cells;
      const name = `Kafka ${kafka.release}, Node.js ${node.release}`;
      say(`${name}: ${tests.length} files`);
      const cell = await runCell(kafka, node, tests, results, say);
      cells.push(cell);
      say(`${name}: ${cell.passed} passed, ${cell.failed.length} failed\n${cellNotes(cell)}`);
    }
  }
  return cells;
}

/** @returns the exit code: 0, 1 when a test failed, or 2 for wrong arguments */
async function main(args: readonly string[]): Promise<number> {
  let options: MatrixOptions | undefined;
  try {
    options = readOptions(args);
  } catch (error) {
    say(`${(error as Error).message}\n\n${help}`);
    return 2;
  }
  if (options === undefined) {
    process.stdout.write(help);
    return 0;
  }
  const { results } = options;
  if (results !== undefined) mkdirSync(results, { recursive: true });
  const folder = results === undefined ? mkdtempSync(join(tmpdir(), "dlr-brokers-")) : resolve(results);
  const cells = await runMatrix(options, folder);
  const failed = interrupted || cells.some((cell) => cell.failed.length > 0);
  process.stdout.write(matrixTable(cells));
  if (failed) say(`the logs are in ${folder}`);
  else if (results === undefined) rmSync(folder, { recursive: true });
  return failed ? 1 : 0;
}

// Ctrl-C reaches Vitest too, which ends what it has started; then the table of what there is follows.
let interrupted = false;
process.once("SIGINT", () => {
  interrupted = true;
});
process.exitCode = await main(process.argv.slice(2));
