import { describe, expect, test } from "vitest";
import type { Answers } from "../../grafana/source/shown/frames.ts";
import { languages, panel, series, show, texts, titles } from "./boards.ts";
import { readDashboard } from "./files.ts";
import { complaints, promtoolMissing } from "./promtool.ts";

// Who is hit: what Grafana shows of values, by Grafana's own library, and what the queries make of series.

const acme = { provider: "aliyun", channel: "sms", value: "ACME" };
const beta = { ...acme, value: "10086" };

describe.each(languages)("in the language %s", (language) => {
  const say = (english: string, chinese: string) => (language === "en" ? english : chinese);
  const shownOf = (title: string, answers: Answers) => show(panel("dlr-overview", title, language), answers);

  test("values are shown with the share that arrives, the worst first, each as it is", async () => {
    const shown = await shownOf("Values by delivered share", [
      [series(acme, 2345), series(beta, 100)],
      [series(acme, 0.98), series(beta, 0.4)],
      [series(acme, 0.02), series(beta, 0.6)],
      [series(beta, 0.55)],
      [],
    ]);
    expect(titles(shown).slice(2, 6)).toEqual(
      say("Value,Receipts,Delivered,Failed", "维度值,回执数,送达率,失败率").split(","),
    );
    expect(texts(shown).map((row) => row.slice(2, 7))).toEqual([
      ["10086", "100", "40.00%", "60.00%", "55.00%"],
      ["ACME", "2,345", "98.00%", "2.00%", "–"],
    ]);
  });

  test("what stands out has its share, its usual one and the rest's", async () => {
    const hit = { ...acme, dimension: "signature", category: "blacklist" };
    const shown = await shownOf("Values above expected", [
      [series(hit, 6.25)],
      [series(hit, 0.25)],
      [series(hit, 0.01)],
      [series(hit, 0.02)],
    ]);
    expect(texts(shown)).toEqual([
      [
        ...["aliyun", "sms", "signature", "ACME", say("Blacklist", "黑名单"), say("6.3 ×", "6.3 倍")],
        ...["25.00%", "1.00%", "2.00%"],
      ],
    ]);
  });

  test("without dimensions the tables say so, and nothing is drawn", async () => {
    const empty = async (title: string, queries: number) =>
      (
        await shownOf(
          title,
          Array.from({ length: queries }, () => []),
        )
      ).empty;
    expect(await empty("Values by delivered share", 5)).toBe(say("No dimension is configured", "未配置维度"));
    expect(await empty("Values above expected", 4)).toBe(say("No value stands out", "没有异常的维度值"));
    expect(await empty("Share of spiking values", 2)).toBe(say("No value spikes", "没有维度值突增"));
  });

  test("what is usual is dashed beside the share", async () => {
    const hit = { ...acme, category: "blacklist" };
    const { lines } = await shownOf("Share of spiking values", [
      [series(hit, 0.1, 0.4)],
      [series(hit, 0.01, 0.01)],
    ]);
    expect(lines.map(({ name, dashed }) => [name, dashed])).toEqual([
      ["aliyun sms ACME blacklist", false],
      [say("aliyun sms ACME blacklist usual", "aliyun sms ACME blacklist 常态"), true],
    ]);
  });
});

describe.skipIf(promtoolMissing && process.env.CI !== "true")("with promtool", () => {
  const query = (title: string, refId: string) =>
    readDashboard()
      .panels.find((one) => one.title === title)
      ?.targets.find((target) => target.refId === refId)
      ?.expr.replaceAll("$__range", "1h")
      .replaceAll(/\$\w+/g, ".*") ?? "";
  const counted = (value: string, outcome: string, target: string) =>
    `dlr_receipts_by_total{job="dlr-exporter", topic="t", partition="0", provider="aliyun", channel="sms", dimension="signature", value="${value}", category="${outcome === "delivered" ? "delivered" : "busy"}", outcome="${outcome}", ${target}}`;
  const [a, b] = ['instance="a", node="n1"', 'instance="b", node="n2"'];

  test("a value's total is exact where its partition moves, few receipts and _other are left out", () => {
    const expected = { '{provider="aliyun", channel="sms", value="ACME"}': 800 };
    const cases = {
      // 10 receipts each 15 s, a quarter of them failed
      series: {
        [counted("ACME", "delivered", a)]: "0+7.5x19 stale",
        [counted("ACME", "failed", a)]: "0+2.5x19 stale",
        [counted("ACME", "delivered", b)]: "_x24 180+7.5x56",
        [counted("ACME", "failed", b)]: "_x24 60+2.5x56",
        [counted("rare", "failed", a)]: "0+0.1x80",
        [counted("_other", "failed", a)]: "0x40 5000x40",
      },
      at: "20m",
    };
    const title = "Values by delivered share";
    expect(complaints({ ...cases, expr: query(title, "A"), expected })).toBe("");
    const shares = { '{provider="aliyun", channel="sms", value="ACME"}': 0.25 };
    expect(complaints({ ...cases, expr: query(title, "C"), expected: shares })).toBe("");
  });

  test("and without dimensions no query of the row gives anything", () => {
    const titles = ["Values by delivered share", "Values above expected"];
    const found = readDashboard()
      .panels.filter(({ title }) => titles.includes(title))
      .flatMap(({ title, targets }) =>
        targets.map(({ refId }) =>
          complaints({ series: { up: "1x80" }, expr: query(title, refId), at: "20m", expected: {} }),
        ),
      );
    expect(found.length).toBe(9);
    expect(found.filter((complaint) => complaint !== "")).toEqual([]);
  });
});
