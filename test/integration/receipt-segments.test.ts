import { afterAll, expect, it } from "vitest";
import type { Report } from "../../src/replay/report/report.ts";
import { createRandom } from "../lab/random.ts";
import { Fleet } from "./fleet.ts";
import { connectProducer, createTopic, randomName } from "./harness.ts";
import { replayed, untilNow } from "./replaying.ts";
import { describeWithBroker } from "./with-broker.ts";

const receipts = 12_000;
/** What a receipt says of its segments, and how many or which state that is. */
const kinds = [
  [1, 1],
  ["1", 1],
  [2, 2],
  ["67", 67],
  [undefined, "not_said"],
  ["many", "not_a_number"],
  [1.5, "not_a_number"],
  [0, "out_of_range"],
  ["1000", "out_of_range"],
] as const;
const codes = [
  ["DELIVRD", "delivered delivered"],
  ["DB:0141", "blacklist failed"],
  ["MK:0001", "unknown failed"],
] as const;

function receiptOf(sms_size: string | number | undefined, err_code: string): string {
  const success = err_code === "DELIVRD";
  return JSON.stringify([{ phone_number: "13900000000", success, err_code, sms_size, biz_id: "1^0" }]);
}

describeWithBroker("the segments of receipts", ({ brokers }) => {
  let fleet: Fleet | undefined;
  afterAll(() => fleet?.end());

  it("are counted exactly through kill -9, none of their series goes back, and a replay finds the same", async () => {
    const topic = randomName("segments");
    await createTopic(brokers, topic, 2);
    const at = ["--brokers", brokers.join(","), "--topic", topic];
    // The shortest session that brokers allow: the group waits so long for a member that was killed.
    fleet = new Fleet([...at, "--group", randomName("group"), "--commit-interval", "200"], {
      DLR_SESSION_TIMEOUT_MS: "6000",
    });
    const producer = await connectProducer(brokers);
    const { below } = createRandom(20261127);
    const segments = new Map<string, number>();
    const states = new Map<string, number>();
    const addTo = (sums: Map<string, number>, key: string, more: number) =>
      sums.set(key, (sums.get(key) ?? 0) + more);
    const send = async (count: number) => {
      for (let left = count; left > 0; left -= 200) {
        const messages = Array.from({ length: 200 }, () => {
          const [said, meant] = kinds[below(kinds.length)] ?? kinds[0];
          const [code, cell] = codes[below(codes.length)] ?? codes[0];
          addTo(states, `${cell} ${typeof meant === "number" ? "counted" : meant}`, 1);
          if (typeof meant === "number") addTo(segments, cell, meant);
          return { value: receiptOf(said, code), partition: below(2) };
        });
        await producer.send({ topic, messages });
      }
    };
    const exporter = await fleet.countOverKills(() => send(receipts / 3), 3, receipts);
    await producer.disconnect();

    const counted = (sums: ReadonlyMap<string, number>) =>
      Object.fromEntries([...sums].filter(([, count]) => count > 0));
    expect(counted(fleet.totals("dlr_segments_total", (own) => `${own.category} ${own.outcome}`))).toEqual(
      Object.fromEntries(segments),
    );
    expect(
      counted(
        fleet.totals("dlr_segment_receipts_total", (own) => `${own.category} ${own.outcome} ${own.segments}`),
      ),
    ).toEqual(Object.fromEntries(states));
    expect(fleet.total("dlr_receipts_total")).toBe(receipts);
    await fleet.stop(exporter);
    await fleet.end();

    const { code, stdout } = await replayed(...at, ...untilNow(), "--quiet", "--report", "json");
    const report = JSON.parse(stdout) as Report;
    expect(code).toBe(0);
    const parts = (report.segments ?? []).map(({ category, outcome, ...sum }) => ({
      ...{ cell: `${category} ${outcome}`, ...sum },
    }));
    expect(Object.fromEntries(parts.map(({ cell, segments }) => [cell, segments]))).toEqual(
      Object.fromEntries(segments),
    );
    expect(
      Object.fromEntries(
        parts.flatMap(({ cell, receipts }) =>
          Object.entries(receipts).map(([state, count]) => [`${cell} ${state}`, count]),
        ),
      ),
    ).toEqual(Object.fromEntries(states));
  });
});
