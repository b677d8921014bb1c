import { parseArgs } from "node:util";
import { table } from "../../src/table.ts";
import { prometheusMissing } from "../grafana/prometheus.ts";
import { reportCategories } from "./categories-simulate.ts";
import { reportDelays } from "./delays-simulate.ts";
import { planDynamics } from "./dynamics.ts";
import { reportMissing } from "./missing-simulate.ts";
import { planMonth } from "./month.ts";
import { scoreOracle, watch } from "./oracle.ts";
import { drawMonth } from "./receipts.ts";
import { readAlertRules } from "./rules.ts";
import { brokenBars, delayOf, type Score, sumOf } from "./score.ts";
import {
  alertPurposes,
  type DynamicScore,
  onModel,
  onPrometheus,
  page,
  simulateDynamics,
  simulateMonth,
} from "./simulate.ts";
import { usualRules } from "./usual.ts";
import {
  type AlertName,
  brokenValueBars,
  simulateValues,
  type ValueScore,
  valueAlerts,
} from "./values-simulate.ts";
import { planValues } from "./values.ts";

/** The rules and their numbers were chosen on the months of the seeds 1 to 24 and 101 to 106, and on no other. */
const heldOutSeed = 301;

const kinds = ["standard", "dynamics", "values", "missing", "categories", "delays"] as const;
type Kind = (typeof kinds)[number];
const modelled: readonly Kind[] = ["standard", "dynamics"];

const help = `npm run alert-sim [-- --seed N] [--months N] [--days N] [--kind KIND] [--model] [--oracle]

Lives through synthetic months on a real Prometheus, evaluates the project's rules on spikes and some usual ones, and
says what each has found. It takes minutes for each month. The exit code is 1 when a bar is broken. Then it lives through
as many of a second kind, with small spikes and with providers of which each shows one thing that is hard to tell, and
says what the alerts made of it: no bar, a second table. The third kind has receipts by signature, template and carrier
block, and a table of who was named. The fourth, missing, has API answers and the receipts that come of them; the fifth,
categories, spikes of seven failing categories; the sixth, delays, providers that become slow, backlogs, and one that is
always slow.

Below the page stands what an oracle finds in the same months: it knows each minute's ordinary share, how shares wander,
and the size of the next spike, and has the lowest threshold with at most one false page a month. No rule can know as much.

  --seed N     the first month; the next one has the next seed (default ${heldOutSeed}; 1 to 24 and 101 to 106 were tuned on)
  --months N   how many (default 6)
  --days N     how long each is (default 30)
  --kind KIND  months of one kind only: standard, dynamics, values, missing,
               categories or delays
  --model      the first two kinds by a model of Prometheus, without the usual rules: the same minutes in seconds
  --oracle     the oracle only, which takes no Prometheus and seconds for each month
`;

/** A signal to end ends this process, and with it what it has started. */
const never = new AbortController().signal;

/** What the command line asks for. */
interface Request {
  readonly seed: number;
  readonly months: number;
  readonly days: number;
  readonly kinds: readonly Kind[];
  /** Whether a model is lived through in place of a Prometheus. */
  readonly model: boolean;
  readonly oracleOnly: boolean;
}

/** @throws Error that says what is wrong with the arguments */
function readRequest(): Request | "help" {
  const number = { type: "string" } as const;
  const { values } = parseArgs({
    options: {
      ...{ seed: number, months: number, days: number, kind: { type: "string" } },
      model: { type: "boolean" },
      oracle: { type: "boolean" },
      help: { type: "boolean", short: "h" },
    },
  });
  if (values.help === true) return "help";
  const whole = (name: "seed" | "months" | "days", otherwise: number, least: number) => {
    const text = values[name] ?? String(otherwise);
    if (!/^\d{1,6}$/.test(text) || Number(text) < least) {
      throw new Error(`--${name} takes a whole number from ${least} on, not ${text}`);
    }
    return Number(text);
  };
  const model = values.model === true;
  const known = model ? modelled : kinds;
  const wanted = known.filter((kind) => values.kind === undefined || values.kind === kind);
  if (wanted.length === 0) throw new Error(`--kind takes ${known.join(", ")}, not ${values.kind}`);
  return {
    ...{ seed: whole("seed", heldOutSeed, 0), months: whole("months", 6, 1), days: whole("days", 30, 2) },
    kinds: wanted,
    model,
    oracleOnly: values.oracle === true,
  };
}

/** Lives through the months, one after the other, and tells of each. @returns the scores of each alert, by month */
async function simulate({ seed, months, days, model }: Request): Promise<Map<string, Score[]>> {
  const { levels, alerts } = readAlertRules(Object.keys(alertPurposes));
  const rules = { levels, alerts: model ? alerts : [...alerts, ...usualRules] };
  const scores = new Map(rules.alerts.map(({ alert }) => [alert, [] as Score[]]));
  for (let month = seed; month < seed + months; month++) {
    const started = Date.now();
    const progress = (what: string) => process.stderr.write(`month ${month}: ${what}\n`);
    const all = await simulateMonth(month, days, rules, progress, never, model ? onModel : onPrometheus);
    for (const [alert, score] of all) scores.get(alert)?.push(score);
    const last = scores.get(page)?.at(-1);
    if (last === undefined) throw new Error("the page is among the alerts");
    const found = `${last.delays.length} of ${last.detectable} spikes found`;
    const delays = `p50 ${delayOf(last, 0.5)} min, p90 ${delayOf(last, 0.9)} min`;
    const took = Math.round((Date.now() - started) / 1000);
    process.stdout.write(
      `month ${month}: ${found}, ${delays}, ${last.falseEpisodes} false pages (${took} s)\n`,
    );
  }
  return scores;
}

/** What stands in the table of what the oracle makes of the page's spikes. */
const oracleName = "an oracle in its place";

function report(scores: ReadonlyMap<string, readonly Score[]>): string {
  const rows = [...scores].map(([alert, months]) => {
    const all = sumOf(months);
    const most = Math.max(...months.map(({ falseEpisodes }) => falseEpisodes));
    const found = `${all.delays.length}/${all.detectable}`;
    return [alert, found, delayOf(all, 0.5), delayOf(all, 0.9), all.falseEpisodes, most, all.backlogs];
  });
  const heading = ["rule", "found", "p50 min", "p90 min", "false", "most in a month", "of backlogs"];
  return table([heading, ...rows]);
}

/** The seeds of the months. */
function seedsOf({ seed, months }: Request): number[] {
  return Array.from({ length: months }, (_, index) => seed + index);
}

/** Lives through the months of the second kind. @returns the scores of each, in the order of the dynamics */
async function simulateSecond({ seed, months, days, model }: Request): Promise<DynamicScore[][]> {
  const scores: DynamicScore[][] = [];
  for (let month = seed; month < seed + months; month++) {
    const progress = (what: string) => process.stderr.write(`month ${month}, dynamics: ${what}\n`);
    scores.push(await simulateDynamics(month, days, progress, never, model ? onModel : onPrometheus));
    process.stdout.write(`month ${month}, dynamics: done\n`);
  }
  return scores;
}

/** @param months the scores of each month; none with the oracle only */
function reportSecond(request: Request, months: readonly (readonly DynamicScore[])[]): string {
  const plans = seedsOf(request).map((seed) => planDynamics(seed, request.days));
  const watched = plans.map(({ month }) => watch(drawMonth(month)));
  const rows = (plans[0]?.dynamics ?? []).flatMap(({ title, alert, providers }, index) => {
    const scores = months.flatMap((month) => month.slice(index, index + 1));
    const all = sumOf(scores.map(({ score }) => score));
    const total = (of: (one: DynamicScore) => number) => scores.reduce((sum, one) => sum + of(one), 0);
    const fired = [total(({ episodes }) => episodes), Math.round(total(({ minutes }) => minutes) / 60)];
    const found = alert in alertPurposes ? foundOf(all) : ["", "", "", ""];
    const own = months.length === 0 ? [] : [[title, alert, ...found, ...fired]];
    if (alert !== page) return own;
    const oracle = sumOf(scoreOracle(watched, new Set(providers.map(({ name }) => name))));
    return oracle.detectable === 0 ? own : [...own, [title, oracleName, ...foundOf(oracle), "", ""]];
  });
  const heading = ["dynamic", "alert", "found", "p50 min", "p90 min", "false", "episodes", "hours"];
  return table([heading, ...rows]);
}

/** Lives through the months of the third kind, and tells of them. @returns a sentence for each bar that is broken */
async function simulateThird({ seed, months, days }: Request): Promise<string[]> {
  const scores: Map<AlertName, ValueScore>[] = [];
  for (let month = seed; month < seed + months; month++) {
    const progress = (what: string) => process.stderr.write(`month ${month}, values: ${what}\n`);
    scores.push(await simulateValues(planValues(month, days), progress, never));
    process.stdout.write(`month ${month}, values: done\n`);
  }
  const rows = valueAlerts.map((alert) => {
    const all = sumOf(
      scores.flatMap((month) => month.get(alert) ?? []).map((one) => ({ ...one, backlogs: 0 })),
    );
    const named = scores.reduce((sum, month) => sum + (month.get(alert)?.named ?? 0), 0);
    return [alert, ...foundOf(all), named];
  });
  const heading = ["alert", "found", "p50 min", "p90 min", "false", "every value named"];
  process.stdout.write(`\n${table([heading, ...rows])}\n`);
  return brokenValueBars(scores);
}

function foundOf(score: Score): (string | number)[] {
  const delays = score.delays.length === 0 ? ["", ""] : [delayOf(score, 0.5), delayOf(score, 0.9)];
  return [`${score.delays.length}/${score.detectable}`, ...delays, score.falseEpisodes];
}

async function main(): Promise<number> {
  const request = readRequest();
  if (request === "help") {
    process.stdout.write(help);
    return 0;
  }
  const { model, oracleOnly } = request;
  if (!oracleOnly && !model && prometheusMissing !== undefined) throw new Error(prometheusMissing);
  let broken: string[] = [];
  if (request.kinds.includes("standard")) {
    const scores = oracleOnly ? new Map<string, Score[]>() : await simulate(request);
    if (!oracleOnly) {
      broken = brokenBars(scores.get(page) ?? [], sumOf(scores.get("DlrBlacklistSpikeLate") ?? []));
    }
    const watched = seedsOf(request).map((seed) => watch(drawMonth(planMonth(seed, request.days))));
    process.stdout.write(`\n${report(new Map([...scores, [oracleName, scoreOracle(watched)]]))}\n`);
  }
  if (request.kinds.includes("dynamics")) {
    const scores = oracleOnly ? [] : await simulateSecond(request);
    process.stdout.write(`\n${reportSecond(request, scores)}\n`);
  }
  if (request.kinds.includes("values") && !oracleOnly) broken.push(...(await simulateThird(request)));
  const reports = { missing: reportMissing, categories: reportCategories, delays: reportDelays };
  for (const [kind, report] of Object.entries(reports)) {
    if (!request.kinds.some((wanted) => wanted === kind) || oracleOnly) continue;
    const tell = (what: string) =>
      process.stderr.write(`${what}
`);
    const told = await report(seedsOf(request), request.days, tell, never);
    process.stdout.write(`
${told.table}
`);
    broken.push(...told.broken);
  }
  for (const bar of broken) process.stdout.write(`a bar is broken: ${bar}\n`);
  return broken.length === 0 ? 0 : 1;
}

process.once("SIGINT", () => process.exit(130));
process.once("SIGTERM", () => process.exit(143));
try {
  process.exitCode = await main();
} catch (error) {
  process.stderr.write(`${error instanceof Error ? error.message : String(error)}\n`);
  process.exitCode = 2;
}
