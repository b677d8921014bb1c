import { readFile } from "node:fs/promises";
import { resolve } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { parse } from "yaml";
import { Source } from "../../grafana/source/preview/source.ts";
import { panelsOf } from "../../grafana/source/shown/model.ts";
import { feed } from "../../src/demo/feed.ts";
import { Alertmanager, Pager } from "../grafana/alertmanager.ts";
import { board, show, texts } from "../grafana/boards.ts";
import { createTopic, randomName } from "../integration/harness.ts";
import { obtainBroker } from "../lab/broker.ts";
import { startExporter } from "../lab/exporter.ts";
import { startPrometheus } from "../lab/prometheus.ts";

/**
 * The stack of docker-compose.yml without its containers, by hand: npm run test:stack
 *
 * A broker, the exporter, Prometheus and Alertmanager with the committed configurations, and the pager, all on ports of
 * their own. The demo's receipts are fed as a newcomer feeds them, and within {@link limitMs} DlrBlacklistSpike must page
 * and stand in the top row of the board: else the exit code is 1. That takes minutes of real time, which is why no test of `npm test` does it. Ctrl-C ends it.
 */
const limitMs = 6 * 60_000;

const say = (line: string) => void process.stdout.write(`${line}\n`);
const undo: (() => Promise<unknown>)[] = [];
const done = new AbortController();

async function run(): Promise<boolean> {
  const broker = await obtainBroker({ onProgress: say });
  undo.push(() => broker.stop());
  say(broker.description);
  const topic = randomName("stack");
  await createTopic(broker.brokers, topic, 4);

  const exporter = await startExporter(["--brokers", broker.brokers.join(","), "--topic", topic]);
  undo.push(() => exporter.stop());
  const pager = await Pager.start();
  undo.push(() => pager.stop());
  const alertmanager = await Alertmanager.start(pager.address);
  undo.push(() => alertmanager.stop());
  const config = (await readFile("grafana/prometheus.yml", "utf8"))
    .replace("exporter:9464", `127.0.0.1:${exporter.port}`)
    .replace("alertmanager:9093", alertmanager.address)
    .replaceAll("rules/*", `${resolve("grafana/rules")}/*`);
  const prometheus = await startPrometheus(parse(config), resolve("grafana"));
  undo.push(() => prometheus.stop());
  say(`Prometheus: ${prometheus.address}/alerts`);

  const start = Date.now();
  const feeding = feed({ seed: 1, rate: 400, seconds: undefined }, broker.brokers, topic, done.signal);
  undo.push(async () => {
    done.abort();
    await feeding;
  });
  while (!done.signal.aborted && Date.now() - start < limitMs) {
    const page = pager.lines.find((line) => line.startsWith("PAGE firing: DlrBlacklistSpike"));
    if (page !== undefined) {
      say(`${page}\nafter ${Math.round((Date.now() - start) / 1000)} s`);
      const row = await firingOnBoard(prometheus.address);
      say(row === undefined ? "the board does not show it" : `on the board: ${row.join(" ")}`);
      return row !== undefined;
    }
    await sleep(1000);
  }
  say(`no page after ${Math.round((Date.now() - start) / 1000)} s`);
  return false;
}

/** The row of the alert in the table at the top of the board; undefined when there is none. */
async function firingOnBoard(prometheus: string): Promise<string[] | undefined> {
  const overview = board("dlr-overview", "en");
  const [top] = panelsOf(overview);
  if (top === undefined) return undefined;
  const to = Math.floor(Date.now() / 1000);
  const source = await Source.open(prometheus, { from: to - 600, to }, overview);
  const rows = texts(await show(top, await source.answers(top, 15)));
  return rows.find((row) => row.includes("DlrBlacklistSpike"));
}

process.once("SIGINT", () => done.abort());
try {
  process.exitCode = (await run()) ? 0 : 1;
} finally {
  for (const step of undo.reverse()) await step();
}
