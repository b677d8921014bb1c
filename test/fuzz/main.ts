import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { parseArgs } from "node:util";
import { createRandom } from "../lab/random.ts";
import { targets } from "./targets.ts";

const usage = `npm run fuzz [-- --seconds N] [--target ${Object.keys(targets).join("|")}] [--seed N]

Feeds readers with input that is a few steps away from what they know, for a minute by default, the targets in turn.
--seed replays one input of the target alone. Ends with 1 at the first one that breaks a promise.
`;

const { values } = parseArgs({
  options: {
    seconds: { type: "string" },
    target: { type: "string" },
    seed: { type: "string" },
    help: { type: "boolean" },
  },
});
const chosen = Object.entries(targets).filter(
  ([name]) => values.target === undefined || values.target === name,
);
const seconds = Number(values.seconds ?? 60);
const alone = values.seed === undefined ? undefined : Number(values.seed);
if (values.help === true || chosen.length === 0 || Number.isNaN(seconds) || Number.isNaN(alone)) {
  process.stdout.write(usage);
  process.exit(values.help === true ? 0 : 2);
}

const folder = mkdtempSync(join(tmpdir(), "dlr-fuzz-"));
const first = alone ?? Math.floor(Math.random() * 2 ** 31);
const end = performance.now() + seconds * 1_000;
const runs = chosen.map(([name, target]) => ({ name, target, seed: first, spent: 0 }));
process.stdout.write(`seed ${first}\n`);
try {
  do {
    // each has its share of the time: some take a hundred times as long for one input
    const run = runs.reduce((one, other) => (other.spent < one.spent ? other : one));
    const began = performance.now();
    try {
      run.target(createRandom(run.seed), folder);
    } catch (error) {
      const replay = `npm run fuzz -- --target ${run.name} --seed ${run.seed}`;
      process.stdout.write(`${(error as Error).stack}\nreplay it: ${replay}\n`);
      process.exitCode = 1;
    }
    run.seed++;
    run.spent += performance.now() - began;
  } while (alone === undefined && process.exitCode === undefined && performance.now() < end);
} finally {
  rmSync(folder, { recursive: true });
}
process.stdout.write(`tried ${runs.map(({ name, seed }) => `${seed - first} ${name}`).join(", ")}\n`);
