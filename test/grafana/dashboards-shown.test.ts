import { describe, expect, test } from "vitest";
import type { Answers } from "../../grafana/source/shown/frames.ts";
import { panelsOf } from "../../grafana/source/shown/model.ts";
import { board, languages, panel, series, show, texts, titles } from "./boards.ts";
import { readDashboard } from "./files.ts";

// What Grafana shows, by Grafana's own library. Real answers of a Prometheus: test/integration/dashboards.test.ts.

const uids = ["dlr-overview", "dlr-exporter"];

describe.each(languages)("in the language %s", (language) => {
  const en = language === "en";
  const say = (english: string, chinese: string) => (en ? english : chinese);
  const shownOf = (title: string, answers: Answers) => show(panel("dlr-overview", title, language), answers);

  describe("the alerts", () => {
    const firing = (labels: Record<string, string>, since: number) =>
      series({ ...{ topic: "–", instance: "–", provider: "–", channel: "–" }, ...labels }, since);

    test("are shown by what they are about, the newest first, pages in red", async () => {
      const shown = await shownOf("Firing alerts", [
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
      expect(shown.table.rows.map((row) => row[2]?.color)).toEqual(["#ccccdc", "#ccccdc"]);
      expect(titles(shown)).toEqual(
        say(
          "Since,Severity,Alert,Provider,Channel,Topic,Instance",
          "开始时间,级别,告警名称,服务商,渠道,Topic,实例",
        ).split(","),
      );
    });

    test("say when the rules are not loaded", async () => {
      const shown = await shownOf("Firing alerts", [[firing({ alertname: "rules_missing" }, 1.8e12)]]);
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
      const shown = await shownOf("Blacklist share now and expected", [
        [of("over", 0.4), of("on", 9.2)],
        [of("over", 0.009), of("on", 0.21)],
        [of("over", 0.09), of("on", 0.2)],
        [of("over", 0.02), of("on", 0.02), of("silent", 0.01)],
        [of("over", 1.8e12), of("on", 1.8e12 + 60_000)],
      ]);
      const unit = say("×", "倍");
      expect(texts(shown)).toEqual([
        ["on", "sms", `9.2 ${unit}`, "21.00%", "20.00%", "2.00%", "2027-01-15 08:01:00"],
        ["over", "sms", `0.4 ${unit}`, "0.90%", "9.00%", "2.00%", "2027-01-15 08:00:00"],
        ["silent", "sms", "–", "–", "–", "1.00%", "–"],
      ]);
      expect(shown.table.rows.map((row) => row[2]?.color).slice(0, 2)).toEqual(["#F2495C", "#73BF69"]);
    });
  });

  test("a number leads to a panel or a dashboard in its language, with time and variables", async () => {
    const uid = `dlr-overview${say("", "-zh")}`;
    const exporter = `/d/dlr-exporter${say("", "-zh")}`;
    const kept = "$__url_time_range&$__all_variables";
    const { id } =
      readDashboard(uid).panels.find(({ title }) => title === say("Unknown codes", "未知状态码")) ?? {};
    expect((await shownOf("Unknown codes, last hour", [[series({}, 3)]])).links).toEqual([
      { title: say("Which codes", "查看状态码"), href: `/d/${uid}?viewPanel=${id}&${kept}` },
    ]);
    expect((await shownOf("Consumer lag", [[series({}, 3)]])).links).toEqual([
      { title: say("The exporter", "查看 exporter"), href: `${exporter}?${kept}` },
    ]);
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
    const { lines } = await shownOf("Call outcomes", [[series({ category: "delivered" }, 3)]]);
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
