import { spawnSync } from "node:child_process";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join, resolve } from "node:path";
import { describe, expect, test } from "vitest";
import { stringify } from "yaml";
import { dayTotal, explained, total } from "../../grafana/source/queries.ts";

const missing = spawnSync("promtool", ["--version"]).error !== undefined;
if (missing) console.warn("promtool is not installed (Debian: apt install prometheus): joins are not tried");

interface Case {
  /** Series as promtool writes them, a sample each 15 s. */
  readonly series: Readonly<Record<string, string>>;
  readonly expr: string;
  readonly at: string;
  /** Value by series. */
  readonly expected: Readonly<Record<string, number>>;
}

/** @returns what promtool has against it; nothing when the expression gives exactly what is expected */
function complaints({ series, expr, at, expected }: Case): string {
  const folder = mkdtempSync(join(tmpdir(), "dlr-promql-"));
  const test = {
    rule_files: [resolve("grafana/rules/dlr-spikes.rules.yml")],
    evaluation_interval: "15s",
    tests: [
      {
        interval: "15s",
        input_series: Object.entries(series).map(([name, values]) => ({ series: name, values })),
        promql_expr_test: [
          {
            expr,
            eval_time: at,
            exp_samples: Object.entries(expected).map(([labels, value]) => ({ labels, value })),
          },
        ],
      },
    ],
  };
  writeFileSync(join(folder, "test.yml"), stringify(test));
  const { stdout, stderr } = spawnSync("promtool", ["test", "rules", join(folder, "test.yml")], {
    encoding: "utf8",
  });
  rmSync(folder, { recursive: true });
  return /SUCCESS/.test(stdout) ? "" : `${stdout}${stderr}`;
}

const key = 'job="dlr-exporter", topic="t", partition="0", provider="aliyun", channel="sms"';
const receipts = (labels: string) => `dlr_receipts_total{${key}, ${labels}}`;

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

  describe("a partition that moves to another instance and back", () => {
    const counter = 'scope="sms_receipt", code="12", category="empty_number", outcome="failed"';
    const moves = {
      // 10 receipts each 15 s, from 0 at the start to 800 at the 20th minute; nobody owns it for 2 minutes in all.
      series: {
        [receipts(`${counter}, instance="a"`)]: "0+10x19 stale _x39 600+10x20",
        [receipts(`${counter}, instance="b"`)]: "_x24 240+10x31 stale",
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
      expect(complaints({ ...moves, expr, expected: { '{category="empty_number"}': 800 } })).toBe("");
    });

    test("what a plain increase says is wrong by hundreds, which is why no panel asks for it", () => {
      const expr = "sum(increase(dlr_receipts_total[1h])) > bool 1100";
      expect(complaints({ ...moves, expr, expected: { "{}": 1 } })).toBe("");
    });
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
