import { loadConfiguration } from "../config/configuration.ts";
import { settingFlags } from "../config/fields.ts";
import type { Command } from "./command.ts";
import { UsageError } from "./command.ts";
import { parseFlags } from "./flags.ts";
import { printProblems } from "./problems.ts";

/** `run`: the main job. `run/` does the work once the settings are known. */
export const runCommand: Command = {
  name: "run",
  summary: "reads topics, counts their receipts and serves /metrics",
  usage: "[FLAGS]",
  flags: settingFlags,
  notes: `Precedence: flag, environment variable (DLR_BROKERS, DLR_TOPICS, …), file, default.
By default it reads the topic dlr.receipts from localhost:9092 and serves on port 9464.

Examples:
  dlr-exporter run --brokers kafka-1:9092,kafka-2:9092 --topic sms.receipts --topic voice.receipts
  dlr-exporter run --config dlr-exporter.yaml --port 9465
  dlr-exporter run --topic sms.receipts --format aliyun-sms --commit-interval 1000
`,
  async run(args, io) {
    const { values, positionals } = parseFlags(settingFlags, args);
    if (positionals[0] !== undefined) throw new UsageError(`run takes flags only, not ${positionals[0]}`);
    const loaded = await loadConfiguration({ flags: values, env: io.env });
    if ("problems" in loaded) return printProblems(loaded.problems, io);
    // Loaded on demand, so that the other commands start without the Kafka client.
    const { run } = await import("./run/run-exporter.ts");
    return run(loaded, io);
  },
};
