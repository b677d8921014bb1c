import { afterEach, expect, it } from "vitest";
import { receiptsOf, runFlags, untilCounted } from "./counting.ts";
import { type Forwarder, forward } from "./forwarder.ts";
import {
  createTopic,
  type ExporterProcess,
  freePort,
  produce,
  randomName,
  startExporter,
  waitFor,
  withAdmin,
} from "./harness.ts";
import { describeWithBroker } from "./with-broker.ts";

describeWithBroker("an exporter that was started too early", ({ brokers }) => {
  const cleanUp: (() => Promise<unknown>)[] = [];

  afterEach(async () => {
    for (let step = cleanUp.pop(); step !== undefined; step = cleanUp.pop()) await step();
  });

  async function started(...flags: Parameters<typeof runFlags>): Promise<ExporterProcess> {
    const exporter = await startExporter(runFlags(...flags));
    cleanUp.push(() => exporter.stop());
    return exporter;
  }

  async function forwarded(port: number): Promise<Forwarder> {
    const forwarder = await forward(port, brokers[0] ?? "");
    cleanUp.push(() => forwarder.close());
    return forwarder;
  }

  it("waits for the broker, says why, and counts once it is there", async () => {
    const topic = randomName("early");
    await createTopic(brokers, topic, 1);
    await produce(brokers, topic, receiptsOf("12", 3));
    const port = await freePort();
    const exporter = await started([`127.0.0.1:${port}`], [topic]);
    await untilNotReady(exporter, /^not ready: no broker can be reached: .*ECONNREFUSED/);
    expect((await exporter.get("/-/healthy")).status).toBe(200);
    expect(await exporter.metrics()).toContain("dlr_build_info");

    await forwarded(port);
    await untilReady(exporter);
    expect((await untilCounted(exporter, brokers, topic)).codes).toEqual({ "12": 3 });
  });

  it("ends with 0 when it is told to stop before the broker was ever there", async () => {
    const exporter = await startExporter(runFlags([`127.0.0.1:${await freePort()}`], [randomName("early")]));
    await untilNotReady(exporter, /no broker can be reached/);
    expect(await exporter.stop()).toBe(0);
  });

  it("waits for a topic, names it, does not create it, and counts once it is there", async () => {
    const [here, missing] = [randomName("here"), randomName("missing")];
    await createTopic(brokers, here, 1);
    const port = await freePort();
    const forwarder = await forwarded(port);
    const exporter = await started([`127.0.0.1:${port}`], [missing]);
    await untilNotReady(exporter, new RegExp(`^not ready: none of the topics exists yet: ${missing}\n$`));
    expect((await exporter.get("/-/healthy")).status).toBe(200);

    // The one that is there does not wait for the other.
    const both = await started([`127.0.0.1:${port}`], [missing, here], randomName("both"));
    await produce(brokers, here, receiptsOf("12", 2));
    expect((await untilCounted(both, brokers, here)).codes).toEqual({ "12": 2 });
    const ready = await both.get("/-/ready");
    const remark = `topic ${missing} does not exist; it will be read as soon as it does`;
    expect([ready.status, await ready.text()]).toEqual([200, `ready\n${remark}\n`]);

    expect(await withAdmin(brokers, (admin) => admin.listTopics())).not.toContain(missing);
    expect(mayCreate(forwarder.sent(), missing)).not.toContain(true);

    await createTopic(brokers, missing, 1);
    await untilReady(exporter);
    await produce(brokers, missing, receiptsOf("DELIVRD", 4));
    await produce(brokers, here, receiptsOf("024", 5));
    for (const each of [exporter, both])
      expect((await untilCounted(each, brokers, missing)).codes).toEqual({ DELIVRD: 4 });
    expect((await untilCounted(both, brokers, here)).codes).toEqual({ "12": 2, "024": 5 });
  });
});

async function untilNotReady(exporter: ExporterProcess, reason: RegExp): Promise<void> {
  await waitFor(
    async () => {
      const response = await exporter.get("/-/ready");
      const answer = `${response.status}: ${await response.text()}`;
      if (response.status !== 503 || !reason.test(answer.slice(5))) throw new Error(answer);
      return true;
    },
    { what: `503 with ${reason}` },
  );
}

async function untilReady(exporter: ExporterProcess): Promise<void> {
  await waitFor(async () => (await exporter.get("/-/ready")).ok, { what: "readiness" });
}

/**
 * Whether each Metadata request among these bytes allows the broker to create the topic: behind its last topic stands
 * that one boolean, in the flexible versions behind the topic's tagged fields, of which there are none.
 */
function mayCreate(sent: Buffer, topic: string): boolean[] {
  const answers: boolean[] = [];
  for (let at = sent.indexOf(topic); at !== -1; at = sent.indexOf(topic, at + 1)) {
    answers.push(sent[at + topic.length] === 1 || sent[at + topic.length + 1] === 1);
  }
  return answers;
}
