import { describe, expect, test } from "vitest";
import type { Answers } from "../../grafana/source/shown/frames.ts";
import { panelsOf } from "../../grafana/source/shown/model.ts";
import { board, languages, panel, series, show, texts, titles } from "./boards.ts";

// What Grafana shows, by Grafana's own library. Real answers of a Prometheus: test/integration/dashboards-shown.test.ts.

const uids = ["dlr-overview", "dlr-exporter"];
const failure = (code: string, receipts: number, labels = {}) =>
  series(
    {
      ...{ provider: "aliyun", scope: "sms_receipt", code, category: "blacklist", fault: "recipient" },
      ...{ description: "On a blacklist", description_zh: "黑名单" },
      ...labels,
    },
    receipts,
  );

describe.each(languages)("in the language %s", (language) => {
  const en = language === "en";
  const say = (english: string, chinese: string) => (en ? english : chinese);
  const shownOf = (title: string, answers: Answers, uid = "dlr-overview") =>
    show(panel(uid, title, language), answers);

  describe("a table", () => {
    const codes = ["006", "-1005", "200002", "200003", "1e5", "DB:0141"];

    test.each(["Failures by code", "Refusals by code"])(
      "%s shows each code as it is, and every receipt",
      async (title) => {
        const answer = codes.map((code, index) => failure(code, 2345 - index));
        const shown = await shownOf(title, [answer]);
        expect(texts(shown).map((row) => row[3])).toEqual(codes);
        expect(texts(shown).map((row) => row[0])).toEqual([
          "2,345",
          "2,344",
          "2,343",
          "2,342",
          "2,341",
          "2,340",
        ]);
      },
    );

    test("of unknown codes shows each code as it is, and every receipt", async () => {
      const of = (code: string, receipts: number) =>
        series({ provider: "aliyun", scope: "voice_receipt", code }, receipts);
      const shown = await shownOf("Unknown codes", [
        codes.map((code, index) => of(code, 1999 - index)),
        codes.map((code) => of(code, 123456)),
      ]);
      expect(texts(shown).map(([, , code]) => code)).toEqual(codes);
      expect(texts(shown)[0]).toEqual(["aliyun", "voice_receipt", "006", "1,999", "123,456"]);
    });

    test("has words for categories and for who must act", async () => {
      const shown = await shownOf("Failures by code", [[failure("006", 3)]]);
      expect(titles(shown).slice(3, 6)).toEqual(
        say("Code,Category,Who must act", "状态码,分类,责任方").split(","),
      );
      expect(texts(shown)[0]?.slice(3, 7)).toEqual([
        "006",
        ...say("Blacklist,Recipient,On a blacklist", "黑名单,接收方,黑名单").split(","),
      ]);
    });

    test("says nothing of an empty table in an empty cell", async () => {
      const advised = { remedy: "Top up", remedy_zh: "充值" };
      const shown = await shownOf("Failures by code", [[failure("006", 3), failure("024", 2, advised)]]);
      expect(texts(shown).map((row) => row.at(-1))).toEqual(["–", say("Top up", "充值")]);
    });

    test("without rows says what that means", async () => {
      expect((await shownOf("Failures by code", [[]])).empty).toBe(say("No failure", "没有失败"));
      expect((await shownOf("Unknown codes", [[], []])).empty).toBe(
        say("Every code is known", "没有未知状态码"),
      );
      expect((await shownOf("Alerts that fire", [[]])).empty).toBe(say("No alert fires", "没有告警"));
    });

    describe("of unknown codes, of which none came in the range but one before", () => {
      const ever = [series({ provider: "aliyun", scope: "sms_receipt", code: "0999" }, 1200)];
      const headings = say("Provider,Scope,Code,In range,Ever", "服务商,码表,状态码,所选时间,累计").split(
        ",",
      );

      test("keeps its headings", async () => {
        const shown = await shownOf("Unknown codes", [ever.map(({ labels }) => series(labels, 0)), ever]);
        expect(titles(shown)).toEqual(headings);
        expect(texts(shown)).toEqual([["aliyun", "sms_receipt", "0999", "0", "1,200"]]);
      });

      test("keeps them where the data source answers the range with nothing", async () => {
        const shown = await shownOf("Unknown codes", [[], ever]);
        expect(titles(shown)).toEqual(headings);
        expect(texts(shown)).toEqual([["aliyun", "sms_receipt", "0999", "–", "1,200"]]);
      });

      test("keeps the others where the range has no answer at all", async () => {
        const shown = await shownOf("Unknown codes", [undefined, ever]);
        expect(titles(shown)).toEqual(headings.filter((_, index) => index !== 3));
        expect(texts(shown)).toEqual([["aliyun", "sms_receipt", "0999", "1,200"]]);
      });
    });

    test("of providers shows shares to the hundredth, and a dash where there is none", async () => {
      const of = (channel: string, value: number) => series({ provider: "aliyun", channel }, value);
      const answers: Answers = [
        [of("sms", 2345678), of("voice", 12)],
        [of("sms", 0.9213)],
        ...Array.from({ length: 8 }, () => [of("sms", 0.0817)]),
      ];
      const shown = await shownOf("Providers and channels, 24 h", answers);
      expect(texts(shown)).toEqual([
        ["aliyun", "sms", "2,345,678", "92.13%", ...Array.from({ length: 8 }, () => "8.17%")],
        ["aliyun", "voice", "12", ...Array.from({ length: 9 }, () => "–")],
      ]);
      expect(titles(shown).slice(0, 4)).toEqual(
        say("Provider,Channel,Receipts,Delivered", "服务商,渠道,回执数,送达率").split(","),
      );
    });

    test("of instances keeps what only looks like a number", async () => {
      const { table } = await show(panel("dlr-exporter", "Instances", language), [
        [series({ instance: "10", version: "1.10", nodeversion: "v24", hash: "123456789012" }, 1.8e12)],
        [series({ instance: "10" }, 1.8e12)],
        [series({ instance: "10" }, 1)],
      ]);
      expect(table.rows[0]?.map(({ text }) => text)).toEqual([
        ...["10", "1.10", "v24", "123456789012", "2027-01-15 08:00:00", "2027-01-15 08:00:00"],
        say("taken", "成功"),
      ]);
    });
  });

  describe("the alerts", () => {
    const firing = (labels: Record<string, string>, since: number) =>
      series({ ...{ topic: "–", instance: "–", provider: "–", channel: "–" }, ...labels }, since);

    test("are shown by what they are about, the newest first, pages in red", async () => {
      const shown = await shownOf("Alerts that fire", [
        [
          firing({ alertname: "DlrTopicMissing", severity: "warning", topic: "007" }, 1.8e12),
          firing(
            { alertname: "DlrBlacklistSpike", severity: "critical", provider: "aliyun", channel: "sms" },
            1.8e12 + 60_000,
          ),
        ],
      ]);
      expect(texts(shown)).toEqual([
        ["2027-01-15 08:01:00", say("page", "呼叫"), "DlrBlacklistSpike", "aliyun", "sms", "–", "–"],
        ["2027-01-15 08:00:00", say("ticket", "工单"), "DlrTopicMissing", "–", "–", "007", "–"],
      ]);
      expect(shown.table.rows.map((row) => row[1]?.color)).toEqual(["#F2495C", "#FF9830"]);
      expect(titles(shown)).toEqual(
        say(
          "Since,Severity,Alert,Provider,Channel,Topic,Instance",
          "开始时间,级别,告警名称,服务商,渠道,Topic,实例",
        ).split(","),
      );
    });

    test("say when the rules are not loaded", async () => {
      const shown = await shownOf("Alerts that fire", [[firing({ alertname: "rules_missing" }, 1.8e12)]]);
      expect(texts(shown)[0]).toContain(say("The rules are not loaded", "未加载规则"));
    });
  });

  describe("the blacklist", () => {
    const share = (value: number) => [series({}, value)];

    test.each([
      { times: 0.3, color: "#73BF69" },
      { times: 2, color: "#FF9830" },
      { times: 11.04, color: "#F2495C" },
    ])("is coloured by what is expected: $times", async ({ times, color }) => {
      const { stats } = await shownOf("Blacklist share", [
        share(times),
        share(0.0041),
        share(0.0817),
        share(0.0229),
      ]);
      expect(stats.map(({ name, text }) => `${name}: ${text}`)).toEqual([
        `${say("times expected", "预期的倍数")}: ${times.toFixed(1)} ${say("×", "倍")}`,
        ...[`${say("5 min", "5 分钟")}: 0.41%`, `${say("15 min", "15 分钟")}: 8.17%`],
        `${say("expected", "预期")}: 2.29%`,
      ]);
      expect(stats.map((stat) => stat.color)).toEqual([color, "#ccccdc", "#ccccdc", "#ccccdc"]);
    });

    test("has no colour while nothing is expected, as on the first day", async () => {
      const { stats } = await shownOf("Blacklist share", [[], share(0.0041), share(0.0817), []]);
      expect(stats.map(({ text, color }) => [text, color])).toEqual([
        ["0.41%", "#ccccdc"],
        ["8.17%", "#ccccdc"],
      ]);
    });

    test("of each provider tells a spike that is over from one that is not", async () => {
      const of = (provider: string, value: number) => series({ provider, channel: "sms" }, value);
      const shown = await shownOf("Blacklist now, against what is expected", [
        [of("over", 0.4), of("on", 9.2)],
        [of("over", 0.009), of("on", 0.21)],
        [of("over", 0.09), of("on", 0.2)],
        [of("over", 0.02), of("on", 0.02), of("silent", 0.01)],
      ]);
      const unit = say("×", "倍");
      expect(texts(shown)).toEqual([
        ["on", "sms", `9.2 ${unit}`, "21.00%", "20.00%", "2.00%"],
        ["over", "sms", `0.4 ${unit}`, "0.90%", "9.00%", "2.00%"],
        ["silent", "sms", "–", "–", "–", "1.00%"],
      ]);
      expect(shown.table.rows.map((row) => row[2]?.color).slice(0, 2)).toEqual(["#F2495C", "#73BF69"]);
    });
  });

  test("the delivered share is coloured by what is missing to the usual one", async () => {
    const { stats } = await shownOf("Delivered share", [
      [series({}, 0.7)],
      [series({}, 0.86)],
      [series({}, 0.16)],
    ]);
    expect(stats.map(({ text, color }) => [text, color])).toEqual([
      ["70.0%", "#ccccdc"],
      ["86.0%", "#ccccdc"],
      ["16.0%", "#F2495C"],
    ]);
  });

  test("a category has its name and colour, one that is 0 all the while is hidden", async () => {
    const answer = [series({ category: "busy" }, 0, 0), series({ category: "blacklist" }, 0, 3)];
    const { lines } = await shownOf("Failures by category", [answer]);
    expect(lines.map(({ name, color }) => [name, color])).toEqual([[say("Blacklist", "黑名单"), "#E02F44"]]);
    expect(lines[0]?.display(2888.6).text).toBe(say("2889 /min", "2889 条/分"));
  });

  test("a call that was delivered was answered", async () => {
    const { lines } = await shownOf("How calls end", [[series({ category: "delivered" }, 3)]]);
    expect(lines.map(({ name }) => name)).toEqual([say("Answered", "已接听")]);
  });

  test("what is expected is dashed", async () => {
    const labels = { provider: "aliyun", channel: "sms" };
    const answers = [[series(labels, 0.1)], [series(labels, 0.02)]];
    const { lines } = await shownOf("Blacklist share and what is expected", answers);
    expect(lines.map(({ name, dashed }) => [name, dashed])).toEqual([
      ["aliyun sms", false],
      [say("aliyun sms expected", "aliyun sms 预期"), true],
    ]);
  });

  test.each([
    { uid: "dlr-overview", title: "Spike rule", words: say("as expected,spike", "正常,突增") },
    { uid: "dlr-exporter", title: "Readiness", words: say("not ready,ready", "未就绪,就绪") },
  ])("the states of $title have words and colours", async ({ uid, title, words }) => {
    const labels = { provider: "aliyun", channel: "sms", instance: "a" };
    const shown = panel(uid, title, language);
    const [line] = (await show(shown, [[series(labels, 0, 1)]])).lines;
    expect([0, 1].map((value) => line?.display(value).text)).toEqual(words.split(","));
    expect([0, 1].map((value) => line?.display(value).color).toSorted()).toEqual(["#73BF69", "#F2495C"]);
    // coloured by thresholds, Grafana's panel shows them instead of the words
    expect(shown.fieldConfig.defaults.color?.mode).not.toBe("thresholds");
  });

  describe.each(uids)("%s", (uid) => {
    const panels = panelsOf(board(uid, language));

    test.each(panels)("$title says in words that there is nothing", async (one) => {
      const { empty } = await show(
        one,
        one.targets.map(() => []),
      );
      const own = one.type === "stat" || one.type === "table";
      expect(empty).toBe(
        own ? one.fieldConfig.defaults.noValue : (one.fieldConfig.defaults.noValue ?? "No data"),
      );
    });

    test("only a number has a unit, one space before it, and no fault is hidden in a count", () => {
      for (const { title, type, fieldConfig } of panels) {
        const units = [
          fieldConfig.defaults.unit,
          ...fieldConfig.overrides.flatMap(({ properties }) =>
            properties.filter(({ id }) => id === "unit").map(({ value }) => String(value)),
          ),
        ];
        expect(type === "table" ? units[0] : "", title).toBe(type === "table" ? undefined : "");
        expect(
          units.filter((unit) => unit === "short" || unit?.startsWith("suffix: ")),
          title,
        ).toEqual([]);
      }
    });
  });
});
