import { expect, it } from "vitest";
import { renderReport } from "../../../src/replay/report/render.ts";
import { reportOf } from "../../../src/replay/report/report.ts";
import { china, fourDays } from "./four-days.ts";

it("as JSON is the report, on one line, nothing of it lost", () => {
  const json = renderReport(fourDays(), "json", china);
  expect(json.indexOf("\n")).toBe(json.length - 1);
  expect(JSON.parse(json)).toEqual(reportOf(fourDays(), china));
});

it("as CSV is a line for each hour or day and series, in this order, its cells quoted where they need it", () => {
  expect(renderReport(fourDays(), "csv", china)).toBe(`\
day,topic,provider,channel,scope,code,category,outcome,count
2026-10-01T00:00:00+08:00,dlr.receipts,aliyun,sms,sms_receipt,DELIVRD,delivered,delivered,1
2026-10-01T00:00:00+08:00,dlr.receipts,aliyun,sms,sms_receipt,MB:1042,blacklist,failed,2
2026-10-02T00:00:00+08:00,dlr.receipts,aliyun,sms,sms_receipt,DELIVRD,delivered,delivered,1
2026-10-02T00:00:00+08:00,dlr.receipts,aliyun,sms,sms_receipt,"X,""9",unknown,failed,1
2026-10-02T00:00:00+08:00,other,aliyun,sms,sms_receipt,DELIVRD,delivered,delivered,1
2026-10-04T00:00:00+08:00,dlr.receipts,aliyun,sms,sms_receipt,DELIVRD,delivered,delivered,1
`);
});
