import { describe, expect, it } from "vitest";
import { parseWritten } from "../../../src/receipts/times/written.ts";

const china = 480;

describe("a time that is written", () => {
  const rows = [
    { name: "slashes", text: "2015/04/14 12:21:23", iso: "2015-04-14T12:21:23+08:00" },
    { name: "dots", text: "2015.04.14 12:21:23", iso: "2015-04-14T12:21:23+08:00" },
    { name: "not padded", text: "2015/4/4 9:05:03", iso: "2015-04-04T09:05:03+08:00" },
    { name: "not padded at all", text: "2015-4-4 9:5:3", iso: "2015-04-04T09:05:03+08:00" },
    { name: "two blanks", text: "2015-04-14  12:21:23", iso: "2015-04-14T12:21:23+08:00" },
    { name: "年月日", text: "2015年04月14日 12:21:23", iso: "2015-04-14T12:21:23+08:00" },
    { name: "年月日时分秒", text: "2015年4月4日9时5分3秒", iso: "2015-04-04T09:05:03+08:00" },
    { name: "年月日时分", text: "2015年4月14日 12时21分", iso: "2015-04-14T12:21:00+08:00" },
    { name: "no seconds", text: "2015-04-14T12:21", iso: "2015-04-14T12:21:00+08:00" },
    { name: "no seconds, with a zone", text: "2015-04-14T12:21Z", iso: "2015-04-14T12:21:00Z" },
    { name: "the basic form", text: "20150414T122123Z", iso: "2015-04-14T12:21:23Z" },
    { name: "the basic form without seconds", text: "20150414T1221+0800", iso: "2015-04-14T12:21:00+08:00" },
    { name: "a basic date", text: "20150414 12:21:23", iso: "2015-04-14T12:21:23+08:00" },
    { name: "a basic time of day", text: "2015-04-14 122123", iso: "2015-04-14T12:21:23+08:00" },
    { name: "14 digits and a fraction", text: "20150414122123.4Z", iso: "2015-04-14T12:21:23.400Z" },
    { name: "a fraction", text: "2016-06-28 00:40:34.558", iso: "2016-06-28T00:40:34.558+08:00" },
    {
      name: "a fraction behind a comma",
      text: "2016-06-28 00:40:34,558",
      iso: "2016-06-28T00:40:34.558+08:00",
    },
    { name: "a finer fraction", text: "2015-04-14T12:21:23.4569999999Z", iso: "2015-04-14T12:21:23.456Z" },
    { name: "a coarser fraction", text: "2015-04-14T12:21:23.4Z", iso: "2015-04-14T12:21:23.400Z" },
    { name: "small letters", text: "2015-04-14t12:21:23z", iso: "2015-04-14T12:21:23Z" },
    { name: "+08:00", text: "2015-04-14T12:21:23+08:00", iso: "2015-04-14T12:21:23+08:00" },
    { name: "+0530", text: "2015-04-14T12:21:23 +0530", iso: "2015-04-14T12:21:23+05:30" },
    { name: "+08", text: "2015-04-14 12:21:23+08", iso: "2015-04-14T12:21:23+08:00" },
    { name: "-03:30", text: "2015-04-14T12:21:23.5-03:30", iso: "2015-04-14T12:21:23.500-03:30" },
    { name: "UTC", text: "2015-04-14 12:21:23 UTC", iso: "2015-04-14T12:21:23Z" },
    { name: "GMT", text: "2015-04-14 12:21:23 GMT", iso: "2015-04-14T12:21:23Z" },
    { name: "CST", text: "2015-04-14 12:21:23 CST", iso: "2015-04-14T12:21:23+08:00" },
    { name: "GMT+8", text: "2015-04-14 12:21:23 GMT+8", iso: "2015-04-14T12:21:23+08:00" },
    { name: "Go", text: "2015-04-14 12:21:23.4567 +0800 CST", iso: "2015-04-14T12:21:23.456+08:00" },
    {
      name: "ZonedDateTime",
      text: "2015-04-14T12:21:23+08:00[Asia/Shanghai]",
      iso: "2015-04-14T12:21:23+08:00",
    },
    { name: "RFC 2822", text: "Tue, 14 Apr 2015 12:21:23 +0800", iso: "2015-04-14T12:21:23+08:00" },
    { name: "RFC 2822 without weekday", text: "4 Apr 2015 12:21:23 +0800", iso: "2015-04-04T12:21:23+08:00" },
    { name: "RFC 2822 without seconds", text: "Sat, 04 Apr 2015 12:21 GMT", iso: "2015-04-04T12:21:00Z" },
    {
      name: "RFC 2822 with a comment",
      text: "Thu, 14 Jul 2016 14:18:40 +0000 (UTC)",
      iso: "2016-07-14T14:18:40Z",
    },
    { name: "Java", text: "Tue Apr 14 12:21:23 CST 2015", iso: "2015-04-14T12:21:23+08:00" },
    { name: "Java, by offset", text: "Tue Apr 14 12:21:23 GMT+08:00 2015", iso: "2015-04-14T12:21:23+08:00" },
    { name: "C", text: "Sat Apr  4 12:21:23 2015", iso: "2015-04-04T12:21:23+08:00" },
    {
      name: "JavaScript",
      text: "Tue Apr 14 2015 12:21:23 GMT+0800 (China Standard Time)",
      iso: "2015-04-14T12:21:23+08:00",
    },
    {
      name: "JavaScript in China",
      text: "Tue Apr 14 2015 12:21:23 GMT+0800 (中国标准时间)",
      iso: "2015-04-14T12:21:23+08:00",
    },
    { name: "a leap day", text: "2016/2/29 23:59", iso: "2016-02-29T23:59:00+08:00" },
  ];
  it.each(rows)("$name: $text", ({ text, iso }) => {
    expect(parseWritten(text, china)).toBe(Date.parse(iso));
  });

  it("in any month", () => {
    for (let month = 0; month < 12; month++) {
      const moment = new Date(Date.UTC(2015, month, 14, 12, 21, 23));
      expect(parseWritten(moment.toUTCString(), china)).toBe(moment.getTime());
    }
  });
});

describe("a text that is no time", () => {
  const rows = [
    { name: "a date alone", text: "2015-04-14" },
    { name: "a date with a zone", text: "2015-04-14Z" },
    { name: "a date with an hour", text: "2015-04-14 12" },
    { name: "a time of day alone", text: "12:21:23" },
    { name: "the month first", text: "04/14/2015 12:21:23" },
    { name: "the day first", text: "14.04.2015 12:21:23" },
    { name: "two digits of the year", text: "15-04-14 12:21:23" },
    { name: "two kinds of separators", text: "2015/04-14 12:21:23" },
    { name: "a fraction of a minute", text: "2015-04-14 12:21.5" },
    { name: "half a day", text: "2015/4/14 9:05:03 PM" },
    { name: "a month that there is not", text: "2015/13/01 00:00" },
    { name: "a month's name that there is not", text: "14 Avr 2015 12:21:23" },
    { name: "a day that there is not", text: "29 Feb 2015 12:21:23" },
    { name: "hour 24", text: "2015/1/1 24:00:00" },
    { name: "minute 60", text: "2015/1/1 0:60" },
    { name: "second 60", text: "2015-01-01T00:00:60Z" },
    { name: "before 1970", text: "Wed, 31 Dec 1969 23:59:59 GMT" },
    { name: "a zone beyond a day", text: "2015-01-01 00:00:00+24:00" },
    { name: "a zone of 60 minutes", text: "2015-01-01 00:00:00+08:60" },
    { name: "the name of a zone that stands for many", text: "2015-01-01 00:00:00 IST" },
    { name: "a member of every object", text: "2015-01-01 00:00:00 constructor" },
    { name: "more behind it", text: "2015-01-01 00:00:00Z, 2015-01-02" },
    { name: "a cut off time of day", text: "2015-01-01 00:00:" },
    { name: "15 digits", text: "201504141221234" },
  ];
  it.each(rows)("$name: $text", ({ text }) => {
    expect(parseWritten(text, china)).toBeNaN();
  });
});
