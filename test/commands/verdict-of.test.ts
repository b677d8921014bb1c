import { expect, it } from "vitest";
import { verdictOf } from "../../src/commands/verdict-of.ts";
import { packagedMap } from "../ledger/support.ts";

const receipt = { provider: "tencent", scope: "sms_receipt", flag: "failed", code: "DB:0141" } as const;
const topic = { provider: undefined, channel: undefined };

it("judges by the topic's provider, then by the receipt's, else by aliyun", () => {
  const map = packagedMap();
  const providers = [
    verdictOf(map, { ...topic, provider: "aliyun" }, receipt),
    verdictOf(map, topic, receipt),
    verdictOf(map, topic, { ...receipt, provider: undefined }),
  ].map(({ provider }) => provider);
  expect(providers).toEqual(["aliyun", "tencent", "aliyun"]);
});

it("has the channel of the scope's table, else the topic's", () => {
  const of = (scope: string) =>
    verdictOf(packagedMap(), { ...topic, channel: "voice" }, { ...receipt, provider: "aliyun", scope })
      .channel;
  expect([of("sms_receipt"), of("mine")]).toEqual(["sms", "voice"]);
});
