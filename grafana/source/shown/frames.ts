import type { DataFrame, Field } from "@grafana/data";
import { grafana } from "./library.ts";
import type { Target } from "./model.ts";

/** A series of an answer. */
export interface Series {
  readonly labels: Readonly<Record<string, string>>;
  /** In s, with its value; one for a moment. */
  readonly samples: readonly (readonly [at: number, value: number])[];
}

/** What a panel's queries were answered. */
export type Answers = readonly (readonly Series[] | undefined)[];

/**
 * The frames that Grafana's Prometheus data source makes of the answers to a panel's queries. It is a plugin and in no
 * package with a licence of ours; these are its rules: a series is a frame with Time and Value, which has the
 * series' labels and the legend as its name; no series at all is a frame without fields
 * (pkg/promlib/converter/prom.go and querydata/response.go); then tables and heatmaps are made of them
 * (packages/grafana-prometheus/src/result_transformer.ts).
 *
 * @param answers one for each target, in their order; undefined for a query that failed
 */
export function framesOf(targets: readonly Target[], answers: Answers): DataFrame[] {
  const ofTargets = targets.flatMap((target, index) => {
    const answer = answers[index];
    return answer === undefined ? [] : [{ target, frames: seriesFrames(target, answer) }];
  });
  const ofFormat = (...formats: readonly Target["format"][]) =>
    ofTargets.filter(({ target }) => formats.includes(target.format));
  const tables = ofFormat("table");
  return [
    ...ofFormat("time_series").flatMap(({ frames }) => frames),
    ...(tables.length === 1 && tables[0]?.frames[0]?.fields.length === 0
      ? tables[0].frames
      : tables.map(({ target, frames }) => tableFrame(target, frames, tables.length > 1))),
    ...ofFormat("heatmap").flatMap(({ frames }) => heatmapFrames(frames)),
  ];
}

function seriesFrames({ refId, legendFormat, expr }: Target, answer: readonly Series[]): DataFrame[] {
  if (answer.length === 0) return [{ refId, fields: [], length: 0 }];
  return answer.map(({ labels, samples }) => ({
    refId,
    fields: [
      timeField(samples.map(([at]) => at * 1000)),
      {
        name: labels.__name__ ?? "Value",
        type: grafana.FieldType.number,
        labels: { ...labels },
        config: { displayNameFromDS: legend(legendFormat, labels) ?? expr },
        values: samples.map(([, value]) => value),
      },
    ],
    length: samples.length,
  }));
}

/** @returns undefined where it would be empty brackets, which the data source replaces by the query */
function legend(format: string, labels: Series["labels"]): string | undefined {
  if (format !== "") return format.replace(/\{\{\s*(.+?)\s*\}\}/g, (_, label: string) => labels[label] ?? "");
  const { __name__: name = "", ...rest } = labels;
  const pairs = Object.entries(rest).map(([label, value]) => `${label}=${JSON.stringify(value)}`);
  if (pairs.length === 0) return name === "" ? undefined : name;
  return `${name}{${pairs.toSorted().join(", ")}}`;
}

/** One row for each series: its time, its labels in their order, and its value. */
function tableFrame({ refId }: Target, frames: readonly DataFrame[], severalQueries: boolean): DataFrame {
  const rows = frames.flatMap(({ fields: [time, value] }) =>
    (time?.values ?? []).map((at: number, index: number) => ({
      at,
      labels: value?.labels ?? {},
      value: value?.values[index],
    })),
  );
  const labels = new Set(rows.flatMap((row) => Object.keys(row.labels).sort()));
  const fields: Field[] = [
    timeField(rows.map(({ at }) => at)),
    ...[...labels].map((name) => ({
      name,
      type: grafana.FieldType.string,
      config: { filterable: true },
      values: rows.map((row) => row.labels[name] ?? ""),
    })),
    {
      name: severalQueries ? `Value #${refId}` : "Value",
      type: grafana.FieldType.number,
      config: {},
      values: rows.map(({ value }) => value),
    },
  ];
  return { refId, fields, length: rows.length };
}

/** One field for each bucket, with what is in it and in none below. */
function heatmapFrames(frames: readonly DataFrame[]): DataFrame[] {
  const bound = ({ fields: [, value] }: DataFrame) => Number(value?.labels?.le?.replace("+Inf", "Infinity"));
  const sorted = frames.filter(({ length }) => length > 0).toSorted((a, b) => bound(a) - bound(b));
  const [time] = sorted[0]?.fields ?? [];
  if (time === undefined) return [];
  const buckets = sorted.flatMap(({ fields: [, value] }, index): Field[] => {
    if (value === undefined) return [];
    const below = sorted[index - 1]?.fields[1]?.values;
    const values = value.values.map((count: number, row: number) => {
      const inside = count - (below?.[row] ?? 0);
      return inside < 1e-9 ? 0 : inside;
    });
    const name = value.labels?.le ?? "";
    return [{ ...value, name, config: { displayNameFromDS: name }, values }];
  });
  return [{ fields: [time, ...buckets], length: time.values.length }];
}

function timeField(values: readonly number[]): Field {
  return { name: "Time", type: grafana.FieldType.time, config: {}, values: [...values] };
}
