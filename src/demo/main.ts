import { constants } from "node:os";
import { parseArgs } from "node:util";
import { NoBrokerError } from "../../test/lab/broker-contract.ts";
import { obtainBroker } from "../../test/lab/broker.ts";
import { prometheusMissing } from "../../test/lab/prometheus.ts";
import { type DemoOptions, runDemo } from "./demo.ts";
import { feed } from "./feed.ts";
import { runOffline } from "./offline.ts";

const help = `npm run demo [-- --seconds N] [--seed N] [--rate N] [--alerts | --feed TOPIC]

Starts a Kafka broker (or takes the one in KAFKA_BROKERS), sends it an invented stream of delivery receipts with
a blacklist spike in the middle, runs the exporter on it and shows what it counts. Ctrl-C ends all of it.

  --seconds N   end after N seconds and compare what was sent with what was counted
  --seed N      another stream (default 1); the same seed gives the same receipts
  --rate N      receipts a second (default 400)
  --alerts      also run a Prometheus with the project's rules, and show the alerts; the spike begins after a minute
                and lasts for ten, and DlrBlacklistSpike fires within five minutes
  --feed TOPIC  start nothing: send the receipts of --alerts to this topic of the Kafka in KAFKA_BROKERS, and leave
                them there, for an exporter and a Prometheus that run already
`;

/** The parsed command line. */
interface Request extends DemoOptions {
  /** The topic of another exporter; undefined runs the demo's own. */
  readonly feed: string | undefined;
}

/** @throws Error whose message says what is wrong with the arguments */
function readRequest(argv: string[]): Request | "help" {
  const { values } = parseArgs({
    args: argv,
    options: {
      seconds: { type: "string" },
      seed: { type: "string", default: "1" },
      rate: { type: "string", default: "400" },
      alerts: { type: "boolean", default: false },
      feed: { type: "string" },
      help: { type: "boolean", short: "h", default: false },
    },
  });
  if (values.help) return "help";
  if (values.feed !== undefined && values.alerts) throw new Error("--alerts and --feed exclude each other");
  if (values.feed !== undefined && (process.env.KAFKA_BROKERS ?? "") === "") {
    throw new Error("--feed takes the address of the Kafka from KAFKA_BROKERS, such as localhost:9092");
  }
  return {
    seconds: values.seconds === undefined ? undefined : wholeNumber("--seconds", values.seconds, 1),
    seed: wholeNumber("--seed", values.seed, 0),
    rate: wholeNumber("--rate", values.rate, 1),
    alerts: values.alerts,
    feed: values.feed,
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
 * Aborts on Ctrl-C and the like. A second signal ends the process and its children at once, but not within half a
 * second, since npm forwards the signal that the terminal has already sent.
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
async function demo(request: Request): Promise<number> {
  const missing = request.alerts ? prometheusMissing() : undefined;
  if (missing !== undefined) throw new Error(`--alerts can't show any: ${missing}`);
  const signal = stopSignal();
  try {
    const broker = await obtainBroker({ onProgress: say, signal });
    try {
      say(broker.description);
      if (request.feed === undefined) return (await runDemo(request, broker, signal)) ? 0 : 1;
      await feed(request, broker.brokers, request.feed, signal);
      return 0;
    } finally {
      if (signal.aborted) say("stopping what the demo started");
      await broker.stop();
    }
  } catch (error) {
    if (signal.aborted) return 0;
    if (!(error instanceof NoBrokerError)) throw error;
    say(error.message);
    say("The same receipts, without Kafka, through `dlr-exporter classify --input`:");
    return (await runOffline(request)) ? 0 : 1;
  }
}

async function main(argv: string[]): Promise<number> {
  let request: Request | "help";
  try {
    request = readRequest(argv);
  } catch (error) {
    say(`${messageOf(error)}\n\n${help}`);
    return 2;
  }
  if (request === "help") {
    process.stdout.write(help);
    return 0;
  }
  try {
    return await demo(request);
  } catch (error) {
    say(messageOf(error));
    return 1;
  }
}

function messageOf(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}

process.exitCode = await main(process.argv.slice(2));
