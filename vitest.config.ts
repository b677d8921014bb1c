import { tmpdir } from "node:os";
import { join } from "node:path";
import { defineConfig } from "vitest/config";
import { FileOrder } from "./test/file-order.ts";

/**
 * A limit is for what hangs, not for what is slow: on a machine that is busy with other things, a test takes many times
 * as long as on a quiet one. What is told to be quick is tested with a clock that the test moves.
 */
const patience = { testTimeout: 1_800_000, hookTimeout: 1_800_000 };

/** Files that change modules for good, put others in their place, or compute for long: they have a process of their own. */
const alone = [
  "test/commands/replay/carry-out.test.ts",
  "test/kafka/simulation/simulation.test.ts",
  "test/receipts/scan/differential.test.ts",
];

const onBroker = ["test/integration/**/*.test.ts"];
const proofs = ["test/proofs/**/*.test.ts"];
const broker = { globalSetup: ["test/integration/broker.setup.ts"] };

/** Half of the time would go into loading the same modules for each file. */
const shared = { isolate: false, ...patience };

export default defineConfig({
  test: {
    // More than there are cores: half of the files wait for brokers, databases and timers.
    maxWorkers: 6,
    sequence: { sequencer: FileOrder },
    // Else each project transforms anew what another one has transformed.
    experimental: { fsModuleCache: true },
    // Hundreds of processes are started from the same sources.
    env: { NODE_COMPILE_CACHE: join(tmpdir(), "dlr-exporter-compiled") },
    teardownTimeout: 120_000,
    projects: [
      {
        test: {
          name: "unit",
          include: ["test/**/*.test.ts"],
          exclude: [...onBroker, ...proofs, ...alone],
          ...shared,
        },
      },
      { test: { name: "integration", include: onBroker, ...broker, ...shared } },
      { test: { name: "alone", include: alone, ...patience } },
      // Weeks of samples in real databases, and the benchmark: what a change to rules, sinks or the benchmark is held to
      // once, not each change each time.
      { test: { name: "proofs", include: proofs, ...broker, ...patience } },
    ],
  },
});
