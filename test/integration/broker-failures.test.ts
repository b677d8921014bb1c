import { afterAll, beforeAll, describe, expect, it } from "vitest";
import type { OwnBroker } from "../lab/broker-contract.ts";
import { findStarters } from "../lab/broker.ts";
import { receiptsOf, runFlags, timedReceiptOf, untilCounted } from "./counting.ts";
import {
  createTopic,
  type ExporterProcess,
  parseMetrics,
  produce,
  randomName,
  startExporter,
  waitFor,
} from "./harness.ts";

const { starters, reasons } = await findStarters();
const [start] = starters.values();
if (start === undefined) console.warn(`broker failures are not tried: ${reasons.join("; ")}`);

// a broker that can be killed and frozen while no other test needs it
describe.skipIf(start === undefined && process.env.CI !== "true")("when the broker fails", () => {
  const topic = randomName("failures");
  let broker: OwnBroker;
  let exporter: ExporterProcess;

  beforeAll(async () => {
    if (start === undefined) throw new Error(reasons.join("; "));
    broker = await start({});
    await createTopic(broker.brokers, topic, 2);
    exporter = await startExporter(runFlags(broker.brokers, [topic]), { DLR_SESSION_TIMEOUT_MS: "6000" });
  });

  afterAll(async () => {
    await exporter?.kill9();
    await broker?.stop();
  });

  it("counts on, exactly, over a broker that is killed and comes back", async () => {
    await produce(broker.brokers, topic, receiptsOf("12", 3000));
    await waitFor(async () => /^dlr_committed_offset\{.*\} [1-9]/m.test(await exporter.metrics()), {
      what: "the first commit",
    });
    await broker.restart();
    await produce(broker.brokers, topic, receiptsOf("024", 2000));
    const { codes } = await untilCounted(exporter, broker.brokers, topic);
    expect(codes).toEqual({ "12": 3000, "024": 2000 });
  });

  it("is not ready while the broker is frozen, and counts exactly what is delivered again", async () => {
    await produce(broker.brokers, topic, receiptsOf("DELIVRD", 20_000));
    await broker.pause();
    await waitFor(async () => (await exporter.get("/-/ready")).status === 503, {
      what: "a silent broker to show",
    });
    expect((await exporter.get("/-/healthy")).status).toBe(200);
    await broker.unpause();
    await produce(broker.brokers, topic, receiptsOf("006", 100));
    const { codes } = await untilCounted(exporter, broker.brokers, topic);
    expect(codes).toEqual({ "12": 3000, "024": 2000, DELIVRD: 20_000, "006": 100 });
    await waitFor(async () => (await exporter.get("/-/ready")).ok, { what: "readiness" });
  });

  it("ends by itself though the broker answers nothing, and at once on a second signal", async () => {
    await produce(broker.brokers, topic, receiptsOf("12", 10));
    await untilCounted(exporter, broker.brokers, topic);
    const rarely = ["--commit-interval", "600000"];
    const flags = (group: string) => [...runFlags(broker.brokers, [topic], group), ...rarely];
    const [pending, hasty] = await Promise.all([
      startExporter(flags(randomName("pending"))),
      startExporter(flags(randomName("hasty"))),
    ]);
    // Scrapes bring the first commits forward, until one shows values; the next is then minutes away.
    for (const started of [pending, hasty])
      await waitFor(async () => (await sumOf(started, "dlr_receipts_total")) > 0, { what: "first values" });
    const timed = Array.from({ length: 10 }, () => ({ value: timedReceiptOf("12") }));
    await produce(broker.brokers, topic, timed);
    await untilCounted(exporter, broker.brokers, topic);
    for (const started of [pending, hasty])
      await waitFor(async () => (await sumOf(started, "dlr_delivery_delay_seconds_count")) === timed.length, {
        what: "counts to commit",
      });
    await broker.pause();
    const stopping = [exporter, pending].map((stopped) => stopped.stop());
    const first = hasty.stop();
    await waitFor(async () => (await (await hasty.get("/-/ready")).text()) === "not ready: shutting down\n", {
      what: "the first signal to be heard",
    });
    expect((await hasty.get("/-/ready")).status).toBe(503);
    // two signals at the same moment count as one, so it is sent until it is heard
    await waitFor(() => hasty.log().includes("second signal") || !process.kill(hasty.pid, "SIGTERM"), {
      what: "the second signal to be heard",
    });
    expect(await first).toBe(1);
    expect(hasty.log()).toContain("second signal: exiting at once");

    // nothing is lost with the first; with the second, what was counted is counted again next time
    expect(await Promise.all(stopping)).toEqual([0, 1]);
    expect(pending.log()).toMatch(/the last counts were not committed|shutdown aborted/);
    await broker.unpause();
  });
});

/** What all series of a metric add up to. */
async function sumOf(exporter: ExporterProcess, metric: string): Promise<number> {
  const own = parseMetrics(await exporter.metrics()).filter(({ name }) => name === metric);
  return own.reduce((sum, { value }) => sum + value, 0);
}
