import { describe, expect, test } from "vitest";
import type { Answers } from "../../grafana/source/shown/frames.ts";
import { languages, panel, series, show, texts, titles } from "./boards.ts";

// What Grafana shows of tables, by Grafana's own library.

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
  const shownOf = (title: string, answers: Answers) => show(panel("dlr-overview", title, language), answers);

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
      expect((await shownOf("Firing alerts", [[]])).empty).toBe(say("No firing alerts", "没有告警"));
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
});
