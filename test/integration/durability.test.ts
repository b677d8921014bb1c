import { setTimeout as sleep } from "node:timers/promises";
import { afterAll, expect, it } from "vitest";
import { createStream } from "../../src/demo/stream.ts";
import { createRandom } from "../lab/random.ts";
import { Fleet } from "./fleet.ts";
import { connectProducer, createTopic, type ExporterProcess, randomName, waitFor } from "./harness.ts";
import { describeWithBroker } from "./with-broker.ts";

const partitions = 4;
const receipts = 100_000;

describeWithBroker("durability", ({ brokers }) => {
  let fleet: Fleet | undefined;
  afterAll(() => fleet?.end());

  it("counts exactly through kill -9, scale-out and back, and no series ever goes back", async () => {
    const topic = randomName("durable");
    await createTopic(brokers, topic, partitions);
    const flags = ["--brokers", brokers.join(","), "--topic", topic, "--group", randomName("group")];
    // The shortest session that brokers allow: the group waits so long for a member that was killed.
    fleet = new Fleet([...flags, "--commit-interval", "200"], { DLR_SESSION_TIMEOUT_MS: "6000" });
    const random = createRandom(20261124);
    const stream = createStream({ seed: 7, rate: 20_000, seconds: receipts / 20_000 });
    const producer = await connectProducer(brokers);

    /** Sends a share of the stream in small pieces, so that it arrives while things happen. */
    const send = async (share: number) => {
      const until = stream.sent.receipts + receipts * share;
      for (let n = 0; stream.sent.receipts < until; n++) {
        const values = stream.tick(Date.now());
        for (let at = 0; at < values.length; at += 200) {
          const messages = values
            .slice(at, at + 200)
            .map((value) => ({ value, partition: (n + at / 200) % partitions }));
          await producer.send({ topic, messages });
        }
        await sleep(20);
      }
    };
    const counted = () => fleet?.total("dlr_receipts_total") ?? 0;
    /**
     * Kills while a share of the stream is counted, at a moment that depends on how far counting came, and puts another in
     * its place. The share is its own: of what was sent before, all may be counted when it comes to the kill.
     */
    const killAndReplace = async (victim: ExporterProcess, share: number): Promise<ExporterProcess> => {
      const before = counted();
      const sending = send(share);
      await waitFor(() => counted() > before, { what: "more receipts counted" });
      await sleep(random.below(300));
      await fleet?.kill9(victim);
      const replacement = (await fleet?.start()) as ExporterProcess;
      await sending;
      return replacement;
    };

    let first = await fleet.start();
    for (let kills = 0; kills < 3; kills++) first = await killAndReplace(first, 0.15);

    let second = await fleet.start();
    let third = await fleet.start();
    /** How many partitions each process says that it owns. */
    const owned = async (exporters = [first, second, third]) => {
      const pages = await Promise.all(exporters.map(async (exporter) => (await exporter.get("/")).text()));
      return pages.map((page) => page.split(topic).length - 1);
    };
    await waitFor(async () => (await owned()).every((count) => count >= 1), { what: "three owners" });
    second = await killAndReplace(second, 0.1);
    third = await killAndReplace(third, 0.1);
    const sending = send(0.2);
    await waitFor(async () => (await owned()).every((count) => count >= 1), { what: "three owners again" });
    // it will be a zombie, which still shows what it had when it wakes
    await waitFor(() => fleet?.hasShown(third) === true, { what: "its counts" });
    fleet.pause(third);
    await waitFor(async () => (await owned([first, second])).reduce((a, b) => a + b) >= partitions, {
      what: "two owners of all partitions",
    });
    fleet.resume(third);
    await waitFor(async () => (await owned()).every((count) => count >= 1), {
      what: "the zombie taken back",
    });
    await sending;

    const rest = send((receipts - stream.sent.receipts) / receipts);
    await fleet.stop(second);
    await fleet.stop(third);
    await rest;
    await producer.disconnect();

    const { sent } = stream;
    await waitFor(
      () => counted() >= sent.receipts && (fleet?.total("dlr_malformed_records_total") ?? 0) > 0,
      {
        what: "all receipts counted",
      },
    );
    // Two more scrapes: a count too many would show now.
    const { scrapes } = fleet;
    await waitFor(() => (fleet?.scrapes ?? 0) > scrapes + 2, { what: "two more scrapes" });
    const byCode = fleet.totals("dlr_receipts_total", ({ scope, code }) => `${scope} ${code}`);
    expect(Object.fromEntries(byCode)).toEqual(Object.fromEntries(sent.codes));
    expect(
      Object.fromEntries(fleet.totals("dlr_malformed_records_total", ({ reason = "" }) => reason)),
    ).toEqual(Object.fromEntries(sent.malformed));
    expect(sent.receipts).toBeGreaterThanOrEqual(receipts);
    expect(fleet.total("dlr_committed_offset")).toBe(sent.records);
    await fleet.stop(first);
    await fleet.end();
  });
});
