import { isIgnored } from "../../receipts/receipt.ts";
import { grouped } from "../../replay/spans.ts";
import { table } from "../../table.ts";
import { readingsInWords, readingsOf, timeInWords } from "../search/readings.ts";
import { quoted } from "../shell-words.ts";
import type { Finding, Found } from "./finding.ts";

/**
 * The matches as one JSON object a line, then how far each partition was read, and finally whether that is
 * everything: the lines of `find --output json`, told apart by `type`.
 *
 * @param utcOffsetMinutes the time zone of times in the output
 */
export function findingsAsLines(finding: Finding, utcOffsetMinutes: number): string {
  const readings = readingsOf(finding.partitions);
  const { found, more, records } = finding;
  const complete = readings.every((reading) => reading.complete) && more === 0;
  const lines = [
    ...finding.all.map((one) => lineOf(one, utcOffsetMinutes)),
    ...readings.map((reading) => ({ type: "partition", ...reading })),
    { type: "end", found, more, records, complete },
  ];
  return lines.map((line) => `${JSON.stringify(line)}\n`).join("");
}

function lineOf(found: Found, utcOffsetMinutes: number): object {
  const { topic, partition, offset, recordedAt, record } = found;
  const place = { topic, partition, offset };
  const recorded_time = timeInWords(recordedAt, utcOffsetMinutes);
  const shown = record === undefined ? {} : { record };
  if (found.kind === "unread") {
    const type = isIgnored(found.reason) ? "ignored" : "malformed";
    return { type, ...place, recorded_time, reason: found.reason, ...shown };
  }
  const { index, eventAt, provider, channel, scope, code, category, outcome } = found;
  const event_time = timeInWords(eventAt, utcOffsetMinutes);
  return {
    ...{ type: "receipt", ...place, index, event_time, recorded_time },
    ...{ provider, channel, scope, code, category, outcome, ...shown },
  };
}

/**
 * The same as tables for people; if records are shown or explained, one by one.
 *
 * @param mapFlags the flags that make another command load the same code map
 */
export function findingsInWords(
  finding: Finding,
  utcOffsetMinutes: number,
  mapFlags: readonly string[] = [],
): string {
  const readings = readingsOf(finding.partitions);
  const isTable = finding.all.every(
    ({ record, explained }) => record === undefined && explained === undefined,
  );
  const told = isTable ? foundTable(finding, utcOffsetMinutes) : foundOneByOne(finding, utcOffsetMinutes);
  const complete = readings.every((reading) => reading.complete);
  const last = [conclusion(finding, complete), ...nextSteps(finding, mapFlags)]
    .map((line) => `${line}\n`)
    .join("");
  return [...(finding.found === 0 ? [] : [told]), `${readingsInWords(readings)}${last}`].join("\n");
}

function foundTable({ wanted, all }: Finding, utcOffsetMinutes: number): string {
  const head =
    wanted.receipts === undefined
      ? ["TOPIC", "PARTITION", "OFFSET", "RECORDED", "REASON"]
      : [
          "TOPIC",
          "PARTITION",
          "OFFSET",
          "INDEX",
          "EVENT",
          "PROVIDER",
          "SCOPE",
          "CODE",
          "CATEGORY",
          "OUTCOME",
        ];
  return table([head, ...all.map((one) => cellsOf(one, utcOffsetMinutes))]);
}

function cellsOf(found: Found, utcOffsetMinutes: number): (string | number)[] {
  const { topic, partition, offset, recordedAt } = found;
  if (found.kind === "unread")
    return [topic, partition, offset, timeInWords(recordedAt, utcOffsetMinutes), found.reason];
  const { index, eventAt, provider, scope, code, category, outcome } = found;
  const event = timeInWords(eventAt, utcOffsetMinutes);
  return [topic, partition, offset, index, event, provider, scope, code, category, outcome];
}

function foundOneByOne({ all }: Finding, utcOffsetMinutes: number): string {
  const told = all.map((found, at) => {
    const { record, explained } = found;
    const place = (one: Found | undefined) => `${one?.topic} ${one?.partition} ${one?.offset}`;
    // a record's receipts follow one another
    const isSame = place(all[at - 1]) === place(found);
    const below = isSame
      ? []
      : [...(explained ?? []), ...(record === undefined ? [] : [`  ${JSON.stringify(record)}`])];
    return [headline(found, utcOffsetMinutes), ...below].map((line) => `${line}\n`).join("");
  });
  return told.join("\n");
}

function headline(found: Found, utcOffsetMinutes: number): string {
  const place = `${found.topic}, partition ${found.partition}, offset ${found.offset}`;
  if (found.kind === "unread")
    return `${place}, recorded ${timeInWords(found.recordedAt, utcOffsetMinutes)}: ${found.reason}`;
  const { index, eventAt, provider, scope, code, category, outcome } = found;
  const event = timeInWords(eventAt, utcOffsetMinutes);
  return `${place}, receipt ${index}, event ${event}: ${code}, ${category}, ${outcome} (${provider} ${scope})`;
}

function conclusion({ found, more, records, wanted, isFull }: Finding, complete: boolean): string {
  const what = wanted.receipts === undefined ? "record" : "receipt";
  const among = `${several(found, what)} among ${several(records, "record")} read`;
  const held = more === 0 ? [] : [`the last record has ${grouped(more)} more`];
  const left = complete ? [] : ["offsets from NEXT on were not read"];
  if (!isFull) return complete ? `${among}, and there are no more.` : `${among}: reading stopped early.`;
  const rest = [...held, ...left].join(", and ");
  return `${among}: --limit is reached${rest === "" ? ", and there are no more" : `; ${rest}`}.`;
}

function several(count: number, noun: string): string {
  return `${grouped(count)} ${noun}${count === 1 ? "" : "s"}`;
}

/** Next steps, with their commands. */
function nextSteps({ all }: Finding, mapFlags: readonly string[]): string[] {
  const [first] = all;
  if (first === undefined) return [];
  const isBare = first.record === undefined && first.explained === undefined;
  const shown = isBare
    ? ["Add --show to print the records, masked, or --explain to see how each was read."]
    : [];
  if (first.kind === "unread") return shown;
  const { code, provider, scope } = first;
  // Labels for missing codes, and codes that were cut or escaped, can't be looked up.
  if (code.startsWith("_") || code.includes("\\")) return shown;
  const asked = [...mapFlags, "--provider", provider, "--scope", scope, "--", code].map(quoted).join(" ");
  return [...shown, `What ${code} means: dlr-exporter classify ${asked}`];
}
