import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { parseArgs } from "node:util";
import { createRandom } from "../lab/random.ts";
import { targets } from "./targets.ts";

/** Ten times what the slowest input takes, and far less than what goes with the square of its size. */
const mostSeconds = 3;

const usage = `npm run fuzz [-- --seconds N] [--target ${Object.keys(targets).join("|")}] [--from N | --seed N]

Feeds readers with input that is a few steps away from what they know, for a minute by default, the targets in turn.
--from says where the seeds begin, so that two runs try the same inputs; --seed
replays one input of the target alone. Ends with 1 at the first one that breaks a promise, or takes more than
${mostSeconds} s of CPU time.
`;

const { values } = parseArgs({
  options: {
    seconds: { type: "string" },
    target: { type: "string" },
    from: { type: "string" },
    seed: { type: "string" },
    help: { type: "boolean" },
  },
});
const chosen = Object.entries(targets).filter(
  ([name]) => values.target === undefined || values.target === name,
);
const seconds = Number(values.seconds ?? 60);
const alone = values.seed === undefined ? undefined : Number(values.seed);
const from = values.from === undefined ? undefined : Number(values.from);
const numbers = [seconds, alone ?? 0, from ?? 0];
if (values.help === true || chosen.length === 0 || numbers.some(Number.isNaN)) {
  process.stdout.write(usage);
  process.exit(values.help === true ? 0 : 2);
}

const folder = mkdtempSync(join(tmpdir(), "dlr-fuzz-"));
const first = alone ?? from ?? Math.floor(Math.random() * 2 ** 31);
const end = performance.now() + seconds * 1_000;
const runs = chosen.map(([name, target]) => ({ name, target, seed: first, spent: 0 }));
process.stdout.write(`seed ${first}\n`);
try {
  do {
    // each has its share of the time: some take a hundred times as long for one input
    const run = runs.reduce((one, other) => (other.spent < one.spent ? other : one));
    const began = performance.now();
    const cpu = process.cpuUsage();
    try {
      run.target(createRandom(run.seed), folder);
      const spent = process.cpuUsage(cpu).user / 1_000_000;
      if (spent > mostSeconds) throw new Error(`it took ${spent} s`);
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
