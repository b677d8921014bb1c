import { tmpdir } from "node:os";
import { join } from "node:path";
import { defineConfig } from "vitest/config";

/**
 * A limit is for what hangs, not for what is slow: on a machine that is busy with other things, a test takes many times
 * as long as on a quiet one. What is told to be quick is tested with a clock that the test moves.
 */
const patience = { testTimeout: 1_800_000, hookTimeout: 1_800_000 };

/** Files that change modules for good, and so have a process of their own. */
const alone = ["test/kafka/patches/in-place*.test.ts", "test/kafka/simulation/simulation.test.ts"];

export default defineConfig({
  test: {
    // Tests wait for brokers, databases and timers more than they compute, so two files at a time take half as long.
    maxWorkers: 2,
    // Hundreds of processes are started from the same sources.
    env: { NODE_COMPILE_CACHE: join(tmpdir(), "dlr-exporter-compiled") },
    teardownTimeout: 120_000,
    projects: [
      {
        test: {
          name: "unit",
          include: ["test/**/*.test.ts"],
          exclude: ["test/integration/**", ...alone],
          // Half of their time would go into loading the same modules for each file.
          isolate: false,
          ...patience,
          sequence: { groupOrder: 0 },
        },
      },
      {
        test: {
          name: "unit alone",
          include: alone,
          maxWorkers: 3,
          ...patience,
          // Beside tests that mostly wait: the simulation computes on one core for half a minute.
          sequence: { groupOrder: 1 },
        },
      },
      {
        test: {
          name: "integration",
          include: ["test/integration/**/*.test.ts"],
          globalSetup: ["test/integration/broker.setup.ts"],
          isolate: false,
          // They wait for brokers more than they compute.
          maxWorkers: 3,
          ...patience,
          sequence: { groupOrder: 1 },
        },
      },
    ],
  },
});
