import { execFileSync } from "node:child_process";
import { describe, expect, it } from "vitest";
import { loadingNotes } from "../../../src/replay/sinks/loading.ts";
import { countsOf, labelsOf } from "./history.ts";

const to = Date.parse("2026-10-05T00:00:00+08:00");
const hour = 3_600_000;
const counts = countsOf({ from: to - 96 * hour, to }, [
  { labels: labelsOf("MB:1042"), times: [to - 72 * hour] },
]);
const written = { samples: 866, series: 1, bytes: 1_250_000 };

describe("how to load what was written", () => {
  it("counters", () => {
    expect(loadingNotes(counts, "counter", written, "out/october.om", to + 48 * hour)).toBe(`\
Wrote 866 samples of 1 series, 1.3 MB.

Into Prometheus, where DATA is its --storage.tsdb.path:
  promtool tsdb create-blocks-from openmetrics --max-block-duration=744h out/october.om DATA
- It lists the blocks it wrote: their NUM SAMPLES must add up to 866.
- The oldest sample is 5 days old. Set --storage.tsdb.retention.time (15d unless set) above that first:
  Prometheus silently deletes older blocks, at the latest when a newer one appears.

Into VictoriaMetrics:
  curl -T out/october.om -X POST http://localhost:8428/api/v1/import/prometheus
- It answers 204 and drops what is older than its -retentionPeriod (1 month unless set): the oldest is 5 days old.
`);
  });

  it("gauges tell how to sum them up", () => {
    expect(loadingNotes(counts, "gauge", written, undefined, to + 48 * hour)).toContain(`
- Prometheus 2 includes both ends of a range, so query a second less than a day:
  sum_over_time(dlr_receipts_1m[86399s]) at the day's end.
`);
  });

  const ends = [
    { name: "now", now: to, note: "- The window ends now. " },
    { name: "an hour and a half ago", now: to + 1.5 * hour, note: "- The window ends 1.5 hours ago. " },
    { name: "in the future", now: to - hour, note: "- The window ends now. " },
  ];
  it.each(ends)("warns of a window that ends $name", ({ now, note }) => {
    expect(loadingNotes(counts, "counter", written, "x.om", now)).toContain(`
${note}Do not load the last 3 hours into a running Prometheus, it still
  holds them in memory: end the replay at --to -3h, or wait.
`);
  });

  it("does not warn of one that ended three hours ago", () => {
    const notes = loadingNotes(counts, "counter", written, "x.om", to + 3 * hour);
    expect(notes).not.toContain("window ends");
  });

  it("nothing", () => {
    const none = { samples: 0, series: 0, bytes: 100 };
    expect(loadingNotes(countsOf({ from: 0, to: hour }, []), "counter", none, "x.om", to)).toBe(
      "Wrote no samples: the window has no receipts.\n",
    );
  });

  const paths = [
    { name: "blanks", path: "my october.om" },
    { name: "a quotation mark", path: "that's.om" },
    { name: "what a shell would expand", path: "$HOME/*.om" },
  ];
  it.each(paths)("a path with $name goes through a shell", ({ path }) => {
    const notes = loadingNotes(counts, "counter", written, path, to);
    const [, argument = ""] = /curl -T (.+) -X POST/.exec(notes) ?? [];
    expect(execFileSync("sh", ["-c", `printf %s ${argument}`], { encoding: "utf8" })).toBe(path);
  });
});
