import { describe, expect, it } from "vitest";
import { memberName, sizeOf } from "../../../src/receipts/masked/member-words.ts";

describe("a member's name", () => {
  it.each([
    ...[
      "err_code",
      "MessageStatus",
      "reportstatus",
      "usermsgid",
      "@timestamp",
      "dlr-url",
      "messageUUID",
      "param1",
    ],
    ...["phone_number", "rept_time", "report.status", "ids[]", "SmsStatus", "biz_id", "errmsg", "nationcode"],
  ])("%s is shown", (name) => {
    expect(memberName(name).shown).toBe(name);
  });

  it.each([
    ...[
      "13912345678",
      "zhangsan",
      "Zhang San",
      "张三",
      "phone13912345678",
      "a1b2c3d4e5f6",
      "deadbeefcafe",
      "",
    ],
    ...[
      "d9428888-122b-11e1-b85c-61cd3cbb3210",
      "someone@example.com",
      "１２",
      "code\u200b",
      "param123",
      "id".repeat(40),
    ],
    ...["1", "-", "Иван", "code=12", "__proto__"],
  ])("%s is told by its length", (name) => {
    expect(memberName(name)).toEqual({ shown: `name of ${name.length}`, holds: "free" });
  });

  it.each([
    { name: "content", holds: "free" },
    { name: "sms_content", holds: "free" },
    { name: "msgText", holds: "free" },
    { name: "sign_name", holds: "free" },
    { name: "template_param", holds: "closed" },
    { name: "templateParams2", holds: "closed" },
    { name: "template_code", holds: "plain" },
    { name: "message_status", holds: "plain" },
  ])("$name says that its value is $holds", ({ name, holds }) => {
    expect(memberName(name).holds).toBe(holds);
  });
});

it("tells no length of five digits", () => {
  expect([0, 9_999, 10_000].map(sizeOf)).toEqual(["0", "9999", "over 9999"]);
});
