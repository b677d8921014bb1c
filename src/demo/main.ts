import { constants } from "node:os";
import { parseArgs } from "node:util";
import { obtainBroker } from "./broker.ts";
import { NoBrokerError } from "./broker-contract.ts";
import { type DemoOptions, runDemo } from "./demo.ts";
import { runOffline } from "./offline.ts";

const help = `npm run demo [-- --seconds N] [--seed N] [--rate N]

Starts a Kafka broker (or takes the one in KAFKA_BROKERS), sends it an invented stream of delivery receipts with
a blacklist spike in the middle, runs the exporter on it and shows what it counts. Ctrl-C ends all of it.

  --seconds N   end after N seconds and compare what was sent with what was counted
  --seed N      another stream (default 1); the same seed gives the same receipts
  --rate N      receipts a second (default 400)
`;

/** @throws Error whose message says what is wrong with the arguments */
function readOptions(argv: string[]): DemoOptions | "help" {
  const { values } = parseArgs({
    args: argv,
    options: {
      seconds: { type: "string" },
      seed: { type: "string", default: "1" },
      rate: { type: "string", default: "400" },
      help: { type: "boolean", short: "h", default: false },
    },
  });
  if (values.help) return "help";
  return {
    seconds: values.seconds === undefined ? undefined : wholeNumber("--seconds", values.seconds, 1),
    seed: wholeNumber("--seed", values.seed, 0),
    rate: wholeNumber("--rate", values.rate, 1),
  };
}

function wholeNumber(flag: string, text: string, least: number): number {
  const value = Number(text);
  if (!/^\d+$/.test(text) || value < least) throw new Error(`${flag} takes a whole number from ${least} on`);
  return value;
}

function say(line: string): void {
  process.stderr.write(`${line}\n`);
}

/**
 * Aborts at Ctrl-C and its like. A second one ends the process at once, and with it what it started; not within
 * half a second, for npm passes on the signal that the terminal has sent us already.
 */
function stopSignal(): AbortSignal {
  const stop = new AbortController();
  let firstAt = 0;
  for (const name of ["SIGINT", "SIGTERM", "SIGHUP"] as const) {
    process.on(name, () => {
      if (!stop.signal.aborted) firstAt = Date.now();
      else if (Date.now() - firstAt > 500) process.exit(128 + constants.signals[name]);
      stop.abort();
    });
  }
  return stop.signal;
}

/** @returns the exit code: 0 also when a signal ended the demo, 1 when a count was wrong */
async function demo(options: DemoOptions): Promise<number> {
  const signal = stopSignal();
  try {
    const broker = await obtainBroker({ onProgress: say, signal });
    try {
      say(broker.description);
      return (await runDemo(options, broker, signal)) ? 0 : 1;
    } finally {
      if (signal.aborted) say("stopping what the demo started");
      await broker.stop();
    }
  } catch (error) {
    if (signal.aborted) return 0;
    if (!(error instanceof NoBrokerError)) throw error;
    say(error.message);
    say("The same receipts, without Kafka, through `dlr-exporter classify --input`:");
    return (await runOffline(options)) ? 0 : 1;
  }
}

async function main(argv: string[]): Promise<number> {
  let options: DemoOptions | "help";
  try {
    options = readOptions(argv);
  } catch (error) {
    say(`${messageOf(error)}\n\n${help}`);
    return 2;
  }
  if (options === "help") {
    process.stdout.write(help);
    return 0;
  }
  try {
    return await demo(options);
  } catch (error) {
    say(messageOf(error));
    return 1;
  }
}

function messageOf(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}

process.exitCode = await main(process.argv.slice(2));
