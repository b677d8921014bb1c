import { describe, expect, it } from "vitest";
import type { ReplayArguments } from "../../../src/commands/replay/request.ts";
import { asked, base } from "../asking.ts";

describe("the window", () => {
  const minuteOf = "2026-11-24T04:00:00Z";
  const rows = [
    { name: "the last hours, whole minutes", flags: base, from: "2026-11-24T01:00:00Z", to: minuteOf },
    {
      name: "local days",
      flags: { from: "2026-10-03", to: "2026-10-05" },
      from: "2026-10-03T00:00:00+08:00",
      to: "2026-10-05T00:00:00+08:00",
    },
    {
      name: "local days in another zone",
      flags: { from: "2026-10-03", to: "2026-10-05" },
      zone: -210,
      from: "2026-10-03T00:00:00-03:30",
      to: "2026-10-05T00:00:00-03:30",
    },
    {
      name: "steps of a day begin at local midnight",
      flags: { from: "-2d", to: "now", step: "1d" },
      from: "2026-11-22T00:00:00+08:00",
      to: "2026-11-24T00:00:00+08:00",
    },
    {
      name: "steps of an hour in a zone of half an hour",
      flags: { from: "-3h", to: "now", step: "1h" },
      zone: 330,
      from: "2026-11-24T06:00:00+05:30",
      to: "2026-11-24T09:00:00+05:30",
    },
    {
      name: "an end in the future is that of the running minute",
      flags: { from: "-3h", to: "2026-12-31" },
      from: "2026-11-24T01:00:00Z",
      to: "2026-11-24T04:01:00Z",
    },
    {
      name: "an end of today",
      flags: { from: "2026-11-24", to: "2026-11-25", step: "1d" },
      from: "2026-11-24T00:00:00+08:00",
      to: "2026-11-25T00:00:00+08:00",
    },
    {
      name: "steps that no day is made of",
      flags: { from: "1970-01-01T00:20:00Z", to: "1970-01-01T00:30:00Z", step: "7m" },
      zone: 0,
      from: "1970-01-01T00:14:00Z",
      to: "1970-01-01T00:28:00Z",
    },
    {
      name: "both ends with a zone of their own",
      flags: { from: "2026-10-03T08:00:59Z", to: "2026-10-03T18:00:00+09:00" },
      from: "2026-10-03T08:00:00Z",
      to: "2026-10-03T09:00:00Z",
    },
  ];
  it.each(rows)("$name", ({ flags, zone, from, to }) => {
    const { window } = asked(flags, zone);
    expect({ from: window.from, to: window.to }).toEqual({ from: Date.parse(from), to: Date.parse(to) });
  });
});

describe("what a flag asks for", () => {
  const usual: ReplayArguments = {
    window: {
      from: Date.parse("2026-11-24T01:00:00Z"),
      to: Date.parse("2026-11-24T04:00:00Z"),
      step: 60_000,
      slack: undefined,
      by: "event",
    },
    asked: ["-3h", "now", null, null, null],
    sinks: {
      report: "table",
      openmetrics: undefined,
      remoteWrite: undefined,
      victoria: undefined,
      as: "counter",
      job: "dlr-replay",
      instance: undefined,
    },
    compare: undefined,
    workers: 1,
    partitions: undefined,
    resume: undefined,
    timeoutMs: 600_000,
  };
  const { window, sinks } = usual;
  const silent = { ...sinks, report: undefined };
  const url = "https://user:secret@metrics.example:8428/api";
  const rows: readonly { name: string; flags: Record<string, string>; gives: Partial<ReplayArguments> }[] = [
    { name: "nothing", flags: {}, gives: {} },
    {
      name: "step",
      flags: { step: "30s" },
      gives: {
        window: {
          ...window,
          step: 30_000,
          to: Date.parse("2026-11-24T04:00:30Z"),
          from: window.from + 30_000,
        },
        asked: ["-3h", "now", "30s", null, null],
      },
    },
    {
      name: "slack",
      flags: { slack: "2d" },
      gives: { window: { ...window, slack: 172_800_000 }, asked: ["-3h", "now", null, null, "2d"] },
    },
    {
      name: "no slack",
      flags: { slack: "0s" },
      gives: { window: { ...window, slack: 0 }, asked: ["-3h", "now", null, null, "0s"] },
    },
    {
      name: "by record",
      flags: { by: "record" },
      gives: { window: { ...window, by: "record" }, asked: ["-3h", "now", null, "record", null] },
    },
    {
      name: "by record, where nothing is late",
      flags: { by: "record", slack: "6h" },
      gives: { window: { ...window, by: "record", slack: 0 }, asked: ["-3h", "now", null, "record", "6h"] },
    },
    { name: "report", flags: { report: "csv" }, gives: { sinks: { ...sinks, report: "csv" } } },
    {
      name: "openmetrics alone",
      flags: { openmetrics: "-" },
      gives: { sinks: { ...silent, openmetrics: "-" } },
    },
    {
      name: "openmetrics and report",
      flags: { openmetrics: "f.txt", report: "json" },
      gives: { sinks: { ...sinks, openmetrics: "f.txt", report: "json" } },
    },
    {
      name: "remote write alone",
      flags: { "remote-write": url },
      gives: { sinks: { ...silent, remoteWrite: url } },
    },
    { name: "victoria alone", flags: { victoria: url }, gives: { sinks: { ...silent, victoria: url } } },
    { name: "compare alone", flags: { compare: "old.yaml" }, gives: { sinks: silent, compare: "old.yaml" } },
    { name: "as", flags: { as: "gauge" }, gives: { sinks: { ...sinks, as: "gauge" } } },
    {
      name: "labels",
      flags: { job: "j", instance: "i" },
      gives: { sinks: { ...sinks, job: "j", instance: "i" } },
    },
    { name: "one worker", flags: { workers: "1" }, gives: {} },
    { name: "most workers", flags: { workers: "64" }, gives: { workers: 64 } },
    { name: "resume", flags: { resume: "october.state" }, gives: { resume: "october.state" } },
    { name: "timeout", flags: { timeout: "5s" }, gives: { timeoutMs: 5_000 } },
  ];
  it.each(rows)("$name", ({ flags, gives }) => {
    expect(asked({ ...base, ...flags })).toEqual({ ...usual, ...gives });
  });
});
