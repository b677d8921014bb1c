import { describe, expect, test } from "vitest";
import {
  dayTotal,
  expectedOfAll,
  explained,
  lastAboveExpected,
  timesExpected,
  total,
  usualDelivered,
} from "../../grafana/source/queries.ts";
import { readDashboard } from "./files.ts";
import { selectorsIn } from "./promql.ts";
import { type Case, complaints, promtoolMissing as missing } from "./promtool.ts";

if (missing) console.warn("promtool is not installed (Debian: apt install prometheus): joins are not tried");

const key = 'job="dlr-exporter", topic="t", partition="0", provider="aliyun", channel="sms"';
const receipts = (labels: string) => `dlr_receipts_total{${key}, ${labels}}`;

/** Names of series as an exporter has them of a metric: one, or one for each way to end and each bucket. */
function quietSeries(metric: string): string[] {
  if (!metric.startsWith("dlr_"))
    return [`${metric}{${key}, category="blacklist", dimension="d", value="v"}`];
  const outcomes = {
    blacklist: "failed",
    delivered: "delivered",
    unknown: "unknown",
    system: "request_rejected",
  };
  const bounds = metric.endsWith("_bucket") ? ["5", "30", "300", "+Inf"] : [""];
  return Object.entries(outcomes).flatMap(([category, outcome]) =>
    bounds.map(
      (le) =>
        `${metric}{${key}, scope="s", code="${category}", category="${category}", outcome="${outcome}", dimension="d", value="v", le="${le}"}`,
    ),
  );
}

describe.skipIf(missing && process.env.CI !== "true")("with promtool", () => {
  test("a code that two maps describe while one is rolled out is joined once, and one in no map stays", () => {
    const info = 'dlr_code_info{provider="aliyun", scope="sms_receipt", code="12", category="empty_number"';
    const counts = "sum by (provider, scope, code) (counts)";
    const said = '{provider="aliyun", scope="sms_receipt", code="12", fault="recipient"}';
    expect(
      complaints({
        series: {
          'counts{provider="aliyun", scope="sms_receipt", code="12"}': "7",
          'counts{provider="aliyun", scope="sms_receipt", code="XL:206"}': "3",
          [`${info}, fault="recipient", description="Empty number", instance="a"}`]: "1",
          [`${info}, fault="recipient", description="It is not in service", instance="b"}`]: "1",
        },
        expr: explained(counts, "fault"),
        at: "0",
        expected: { [said]: 7, '{provider="aliyun", scope="sms_receipt", code="XL:206"}': 3 },
      }),
    ).toBe("");
    expect(
      complaints({
        series: {
          'counts{provider="aliyun", scope="sms_receipt", code="12"}': "7",
          [`${info}, fault="recipient", description="Empty number", instance="a"}`]: "1",
          [`${info}, fault="carrier", description="Empty number", instance="b"}`]: "1",
        },
        expr: `count(${explained(counts, "fault")})`,
        at: "0",
        expected: { "{}": 1 },
      }),
    ).toBe("");
  });

  describe("a partition that moves to another instance, on another node, and back", () => {
    const counter = 'scope="sms_receipt", code="12", category="empty_number", outcome="failed"';
    const moves = {
      // 10 receipts each 15 s, from 0 at the start to 800 at the 20th minute; nobody owns it for 2 minutes in all.
      series: {
        [receipts(`${counter}, instance="a", pod="a", node="n1"`)]: "0+10x19 stale _x39 600+10x20",
        [receipts(`${counter}, instance="b", pod="b", node="n2"`)]: "_x24 240+10x31 stale",
      },
      at: "20m",
    };
    const selected = (expr: string) => expr.replaceAll(/\$\w+/g, ".*");

    test("a total of the raw series is exact", () => {
      const expr = selected(total("code", "", "1h"));
      expect(complaints({ ...moves, expr, expected: { '{code="12"}': 800 } })).toBe("");
    });

    test("a day's total of the recorded series is exact", () => {
      const expr = selected(dayTotal("category", ""));
      expect(
        complaints({ ...moves, recorded: true, expr, expected: { '{category="empty_number"}': 800 } }),
      ).toBe("");
    });

    test("what a plain increase says is wrong by hundreds, which is why no panel asks for it", () => {
      const expr = "sum(increase(dlr_receipts_total[1h])) > bool 1100";
      expect(complaints({ ...moves, expr, expected: { "{}": 1 } })).toBe("");
    });
  });

  describe("a panel's query", () => {
    const query = (title: string, refId: string) => {
      const panel = readDashboard().panels.find((one) => one.title === title);
      const expr = panel?.targets.find((target) => target.refId === refId)?.expr ?? "";
      return expr.replaceAll("$__range", "10m").replaceAll(/\$\w+/g, ".*");
    };

    test("is never NaN while a channel that once sent is quiet", () => {
      const queries = ["dlr-overview", "dlr-exporter"].flatMap((uid) =>
        readDashboard(uid).panels.flatMap(({ title, targets }) =>
          targets.map(({ refId, expr }) => ({ name: `${uid}: ${title} ${refId}`, expr })),
        ),
      );
      const metrics = new Set(queries.flatMap(({ expr }) => selectorsIn(expr).map(({ metric }) => metric)));
      const series = Object.fromEntries(
        [...metrics].flatMap((metric) => quietSeries(metric).map((one) => [one, "0x300"])),
      );
      // NaN alone differs from itself.
      const notNumbers = queries.map(
        ({ name, expr }) => `label_replace(count((${expr}) != (${expr})), "query", "${name}", "", "")`,
      );
      const expr = notNumbers
        .join(" or ")
        .replaceAll("$__rate_interval", "5m")
        .replaceAll("$__range", "10m")
        .replaceAll(/\$\w+/g, ".*");
      expect(complaints({ series, expr, at: "70m", expected: {} })).toBe("");
    });

    test("of unknown codes in the range is 0 where one came before, and nothing where none ever came", () => {
      const unknown = (code: string) =>
        receipts(`scope="sms_receipt", code="${code}", category="unknown", outcome="unknown", instance="a"`);
      expect(
        complaints({
          series: {
            [unknown("before")]: "0 7x240",
            [unknown("now")]: "0x220 9x20",
            [unknown("never")]: "0x240",
          },
          expr: query("Unknown codes", "A"),
          at: "60m",
          expected: {
            '{provider="aliyun", scope="sms_receipt", code="before"}': 0,
            '{provider="aliyun", scope="sms_receipt", code="now"}': 9,
          },
        }),
      ).toBe("");
    });

    const dash = '"–"';
    const rules = { "dlr:threshold:consumer_behind_seconds": "300x240" };
    const spike = 'alertname="DlrBlacklistSpike", severity="critical", provider="aliyun", channel="sms"';

    test("of the alerts has what fires and since when, and not what is pending", () => {
      const missing = 'alertname="DlrTopicMissing", severity="warning", topic="t"';
      const job = 'job="dlr-exporter"';
      expect(
        complaints({
          series: {
            ...rules,
            [`ALERTS{${spike}, ${job}, alertstate="firing"}`]: "1x240",
            [`ALERTS_FOR_STATE{${spike}, ${job}}`]: "1200x240",
            [`ALERTS{${missing}, ${job}, alertstate="pending"}`]: "1x240",
            [`ALERTS_FOR_STATE{${missing}, ${job}}`]: "1800x240",
            'ALERTS{alertname="Watchdog", alertstate="firing"}': "1x240",
            'ALERTS_FOR_STATE{alertname="Watchdog"}': "0x240",
          },
          expr: query("Firing alerts", "A"),
          at: "40m",
          expected: { [`{${spike}, topic=${dash}, instance=${dash}}`]: 1_200_000 },
        }),
      ).toBe("");
    });

    test("of the alerts says when the rules are not loaded, and nothing when all is well", () => {
      const expr = query("Firing alerts", "A");
      const nobody = ["provider", "channel", "topic", "instance"].map((label) => `${label}=${dash}`);
      const missing = `{alertname="rules_missing", ${nobody.join(", ")}}`;
      expect(
        complaints({ series: { up: "1x240" }, expr, at: "40m", expected: { [missing]: 2_400_000 } }),
      ).toBe("");
      expect(complaints({ series: rules, expr, at: "40m", expected: {} })).toBe("");
    });
  });

  test("times what is expected leaves two standard deviations to chance, and falls when a spike is over", () => {
    const counted = (code: string, category: string) =>
      receipts(`scope="sms_receipt", code="${code}", category="${category}", outcome="failed", instance="a"`);
    // a minute: 100 receipts, of them 1 blacklist; 25 of them for a quarter of an hour
    const spike = {
      [counted("1", "blacklist")]: "0+0.25x80 20+6.25x60 395+0.25x100",
      [counted("2", "busy")]: "0+24.75x80 1980+18.75x60 3105+24.75x100",
      'expected{provider="aliyun", channel="sms"}': "0.01x240",
    };
    const expr = `floor(${timesExpected("provider, channel", "max by (provider, channel) (expected)")})`;
    const of = (at: string, value: number) =>
      complaints({
        series: spike,
        expr: expr.replaceAll(/\$\w+/g, ".*"),
        at,
        expected: { '{provider="aliyun", channel="sms"}': value },
      });
    expect(of("15m", 0)).toBe("");
    expect(of("30m", 20)).toBe("");
    // five minutes after its end, though it is still half of what 15 minutes show
    expect(of("41m", 0)).toBe("");
  });

  test("what is expected of all is as heavy as what was counted", () => {
    const each = (channel: string) => `job="dlr-exporter", provider="aliyun", channel="${channel}"`;
    const counted = "provider_channel:dlr_receipts:increase30m";
    const share = "provider_channel_category:dlr_receipts_share:expected";
    const series = {
      [`${counted}{${each("sms")}}`]: "60",
      [`${counted}{${each("voice")}}`]: "40",
      [`${share}{${each("sms")}, category="blacklist"}`]: "0.03",
      [`provider_channel:dlr_delivered_share:expected{${each("voice")}}`]: "0.9",
    };
    const of = (expr: string, value: number) =>
      complaints({
        series,
        expr: `round(${expr.replaceAll(/\$\w+/g, ".*")}, 0.001)`,
        at: "0",
        expected: { "{}": value },
      });
    // 3 % of 60 of 100; of sms nobody knows what is usual
    expect(of(expectedOfAll, 0.018)).toBe("");
    expect(of(usualDelivered, 0.9)).toBe("");
  });

  test("a spike was last above what is expected when its last receipts left five minutes", () => {
    const recorded = 'job="dlr-exporter", provider="aliyun", channel="sms", category="blacklist"';
    const expr = lastAboveExpected.replaceAll(/\$\w+/g, ".*");
    const of = (at: string, expected: Case["expected"]) =>
      complaints({
        series: {
          // a sample each 15 s: 20 receipts from the 10th to the 30th minute, and one later, which chance explains
          [`provider_channel_category:dlr_receipts:increase5m{${recorded}}`]: "0x39 20x80 0x400 1x4 0x1600",
          [`provider_channel_category:dlr_receipts_share:expected{${recorded}}`]: "0.01x2200",
          'provider_channel:dlr_receipts:increase5m{job="dlr-exporter", provider="aliyun", channel="sms"}':
            "20x2200",
        },
        expr,
        at,
        expected,
      });
    expect(of("20m", { '{provider="aliyun", channel="sms"}': 1_200_000 })).toBe("");
    expect(of("60m", { '{provider="aliyun", channel="sms"}': 1_800_000 })).toBe("");
    expect(of("8h", {})).toBe("");
  });

  test("a total of a replay, which has no partition, is its increase", () => {
    const replayed = 'dlr_receipts_total{job="dlr-replay", topic="t", provider="aliyun", channel="sms"';
    expect(
      complaints({
        series: {
          [`${replayed}, category="busy", instance="october"}`]: "0+1x40",
          [`${replayed}, category="busy", instance="november"}`]: "0+2x40",
        },
        expr: total("category", "", "1h").replaceAll(/\$\w+/g, ".*"),
        at: "10m",
        expected: { '{category="busy"}': 120 },
      }),
    ).toBe("");
  });
});
