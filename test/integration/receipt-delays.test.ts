import { afterAll, expect, it } from "vitest";
import { createRandom } from "../lab/random.ts";
import { Fleet } from "./fleet.ts";
import { connectProducer, createTopic, randomName } from "./harness.ts";
import { describeWithBroker } from "./with-broker.ts";

const receipts = 12_000;
/** How long a receipt took, in seconds, and which bucket or reason that is. */
const kinds = [
  [3, "5"],
  [12, "15"],
  [200, "300"],
  [7_200, "21600"],
  [200_000, "+Inf"],
  [-60, "negative"],
  [undefined, "no_sent_time"],
] as const;

const inWords = (seconds: number) => new Date(1000 * seconds).toISOString().slice(0, 19).replace("T", " ");

function receiptAfter(seconds: number | undefined): string {
  const sent = 1_700_000_000;
  const send_time = seconds === undefined ? undefined : inWords(sent);
  const rept_time = inWords(sent + (seconds ?? 0));
  return JSON.stringify({ state: "1", err_code: "DELIVRD", biz_id: "1^1", send_time, rept_time });
}

describeWithBroker("the delays of receipts", ({ brokers }) => {
  let fleet: Fleet | undefined;
  afterAll(() => fleet?.end());

  it("are counted exactly through kill -9, and none of their series ever goes back", async () => {
    const topic = randomName("delays");
    await createTopic(brokers, topic, 2);
    const flags = ["--brokers", brokers.join(","), "--topic", topic, "--group", randomName("group")];
    // The shortest session that brokers allow: the group waits so long for a member that was killed.
    fleet = new Fleet([...flags, "--commit-interval", "200"], { DLR_SESSION_TIMEOUT_MS: "6000" });
    const producer = await connectProducer(brokers);
    const { below } = createRandom(20261126);
    const sent = new Map<string, number>();
    const send = async (count: number) => {
      for (let left = count; left > 0; left -= 200) {
        const messages = Array.from({ length: 200 }, () => {
          const [seconds, bucket] = kinds[below(kinds.length)] ?? kinds[0];
          sent.set(bucket, (sent.get(bucket) ?? 0) + 1);
          return { value: receiptAfter(seconds), partition: below(2) };
        });
        await producer.send({ topic, messages });
      }
    };
    const exporter = await fleet.countOverKills(() => send(receipts / 3), 3, receipts);
    await producer.disconnect();

    const buckets = fleet.totals("dlr_receipt_delay_seconds_bucket", ({ le = "" }) => le);
    const measured = [...sent].filter(([bucket]) => Number.isFinite(Number(bucket)) || bucket === "+Inf");
    for (const [le, count] of buckets) {
      const within = measured.filter(([bucket]) => le === "+Inf" || Number(bucket) <= Number(le));
      expect([le, count]).toEqual([le, within.reduce((sum, [, n]) => sum + n, 0)]);
    }
    expect(fleet.total("dlr_receipt_delay_seconds_count")).toBe(buckets.get("+Inf"));
    const total = kinds.reduce((sum, [seconds = 0, bucket]) => {
      return sum + (seconds > 0 ? seconds * (sent.get(bucket) ?? 0) : 0);
    }, 0);
    expect(fleet.total("dlr_receipt_delay_seconds_sum")).toBe(total);
    expect(
      Object.fromEntries(fleet.totals("dlr_unmeasured_delays_total", ({ reason = "" }) => reason)),
    ).toEqual({ negative: sent.get("negative"), no_sent_time: sent.get("no_sent_time") });
    expect(fleet.total("dlr_receipts_total")).toBe(receipts);
    await fleet.stop(exporter);
    await fleet.end();
  });
});
