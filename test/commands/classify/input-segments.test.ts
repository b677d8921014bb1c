import { expect, it } from "vitest";
import { inProcess } from "../in-process.ts";

const lines = [
  ["DELIVRD", "1"],
  ["DELIVRD", 2],
  ["DB:0141", 70],
  ["DB:0141", undefined],
  ["DB:0141", "many"],
].map(([err_code, sms_size]) =>
  JSON.stringify({
    phone_number: "13000000000",
    success: err_code === "DELIVRD",
    err_code,
    sms_size,
    biz_id: "1",
  }),
);

it("classify --input prints the segments of receipts that say them, as a table and as JSON", async () => {
  const argv = ["classify", "--input", "-", "--format", "aliyun-sms"];
  const stdin = [lines.join("\n")];
  expect((await inProcess(argv, { stdin })).stdout).toContain(`
CATEGORY   OUTCOME    SEGMENTS  SHARE   RECEIPTS  WITHOUT A NUMBER
blacklist  failed           70  95.9 %         1                 2
delivered  delivered         3  4.1 %          2                 0
`);
  const { segments } = JSON.parse((await inProcess([...argv, "--output", "json"], { stdin })).stdout);
  expect(segments).toEqual([
    {
      ...{ category: "blacklist", outcome: "failed", segments: 70 },
      receipts: { counted: 1, not_said: 1, not_a_number: 1 },
    },
    { category: "delivered", outcome: "delivered", segments: 3, receipts: { counted: 2 } },
  ]);
});
