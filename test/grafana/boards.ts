import { readFileSync } from "node:fs";
import { z } from "zod";
import { languages, uidSuffix } from "../../grafana/source/language.ts";
import type { Answers, Series } from "../../grafana/source/shown/frames.ts";
import { type Dashboard, type Panel, panelsOf, parseDashboard } from "../../grafana/source/shown/model.ts";
import {
  emptyWords,
  panelFrames,
  type ShownLine,
  type ShownStat,
  type ShownTable,
  shownLines,
  shownStats,
  shownTable,
} from "../../grafana/source/shown/panel.ts";

export { languages };

/** A dashboard's file, by the uid of the English one. */
export function board(uid: string, language: (typeof languages)[number]): Dashboard {
  const suffix = uidSuffix(language);
  return parseDashboard(readFileSync(`grafana/dashboards${suffix}/${uid}${suffix}.json`, "utf8"));
}

/** A panel in a language, by its English title. @throws Error when there is none */
export function panel(uid: string, title: string, language: (typeof languages)[number]): Panel {
  const index = panelsOf(board(uid, "en")).findIndex((one) => one.title === title);
  const found = panelsOf(board(uid, language))[index];
  if (index === -1 || found === undefined) throw new Error(`no panel is titled ${title}`);
  return found;
}

/** What Grafana shows of a panel; all but one of the kinds are empty. */
export interface ShownPanel {
  /** Instead of data. */
  readonly empty: string | undefined;
  readonly table: ShownTable;
  readonly stats: readonly ShownStat[];
  readonly lines: readonly ShownLine[];
  /** Where a click on a value leads, with Grafana's variables as they stand in the file. */
  readonly links: readonly { readonly title: string; readonly href: string }[];
}

/** @param answers one for each query, in their order; undefined for one that failed */
export async function show(panel: Panel, answers: Answers): Promise<ShownPanel> {
  const frames = await panelFrames(panel, answers);
  return {
    empty: emptyWords(panel, frames),
    table: panel.type === "table" ? shownTable(panel, frames) : { columns: [], rows: [] },
    stats: panel.type === "stat" ? shownStats(panel, frames) : [],
    lines: panel.type === "timeseries" || panel.type === "state-timeline" ? shownLines(frames) : [],
    links: frames
      .flatMap(({ fields }) => fields.at(-1)?.getLinks?.({ valueRowIndex: 0 }) ?? [])
      .map(({ title, href }) => ({ title, href })),
  };
}

/** The titles of a table's columns. */
export function titles({ table }: ShownPanel): string[] {
  return table.columns.map(({ title }) => title);
}

/** The texts of a table's rows. */
export function texts({ table }: ShownPanel): string[][] {
  return table.rows.map((row) => row.map(({ text }) => text));
}

/** A series with a value for each minute. */
export function series(labels: Record<string, string>, ...values: readonly number[]): Series {
  return { labels, samples: values.map((value, index) => [1_800_000_000 + 60 * index, value]) };
}

/**
 * What is wrong with what Grafana shows of a panel, whatever it is: headings and names that are none, codes that are
 * not as they are, words of an empty panel in a cell, texts without a value.
 *
 * @param answers one for each query, in their order; undefined for one that failed
 */
export async function faultsOf(panel: Panel, answers: Answers): Promise<string[]> {
  const { empty, table, stats, lines } = await show(panel, answers);
  const { noValue, mappings } = panel.fieldConfig.defaults;
  if (empty !== undefined) return empty === (noValue ?? "No data") ? [] : [`it says ${empty}`];
  const overridden = panel.fieldConfig.overrides.flatMap(({ properties }) => properties);
  const words = new Set([
    ...answers.flatMap((answer) => (answer ?? []).flatMap(({ labels }) => Object.values(labels))),
    ...[mappings, ...overridden.filter(({ id }) => id === "mappings").map(({ value }) => value)].flatMap(
      mappedWords,
    ),
    "–",
  ]);
  const number = /^(-?[\d,]+(\.\d+)?( ?[^\s\d]+)?|\d{4}-\d\d-\d\d \d\d:\d\d:\d\d)$/;
  const columns = z.object({ renameByName: z.record(z.string(), z.string()) });
  const renamed = columns.safeParse(panel.transformations.find(({ id }) => id === "organize")?.options);
  const headings = Object.values(renamed.data?.renameByName ?? {});
  return [
    ...table.columns
      .map(({ title }) => title)
      .filter((title) => !headings.includes(title))
      .map((title) => `column ${title}`),
    ...table.rows
      .flat()
      .map(({ text }) => text)
      .filter((text) => !words.has(text) && !number.test(text))
      .map((text) => `cell ${text}`),
    ...stats
      .map(({ text }) => text)
      .filter((text) => !words.has(text) && !number.test(text))
      .map((text) => `number ${text}`),
    ...stats
      .filter(({ name }) => name === "" || (name === undefined && stats.length > 1))
      .map(({ text }) => `no name of ${text}`),
    ...lines
      .map(({ name }) => name)
      .filter((name) => /^$|[{}]|__|\(/.test(name) || name.trim() !== name)
      .map((name) => `line ${name}`),
  ];
}

/** Answers as they are in other states of the world, by the state's name. */
export function statesOf(panel: Panel, answers: Answers): Map<string, Answers> {
  const without = (missing: (index: number) => boolean, answer: readonly Series[] | undefined) =>
    answers.map((one, index) => (missing(index) ? answer : one));
  const recorded = (index: number) => /\w:\w/.test(panel.targets[index]?.expr ?? "");
  return new Map([
    ["as it is", answers],
    ["empty", without(() => true, [])],
    ["on the first day, without recorded series", without(recorded, [])],
    ...panel.targets.flatMap(({ refId }, index): [string, Answers][] => [
      [`without ${refId}`, without((one) => one === index, [])],
      [`with ${refId} alone`, without((one) => one !== index, [])],
      [`while ${refId} fails`, without((one) => one === index, undefined)],
    ]),
  ]);
}

function mappedWords(value: unknown): string[] {
  const options = z.record(z.string(), z.object({ text: z.string() }));
  const read = z.array(z.object({ options })).safeParse(value);
  return (read.data ?? []).flatMap((mapping) => Object.values(mapping.options).map(({ text }) => text));
}
