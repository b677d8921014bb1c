import { once } from "node:events";
import { createServer } from "node:net";
import { afterEach, expect, it } from "vitest";
import { countedOf, logEntries, receiptsOf, runFlags, untilCounted } from "./counting.ts";
import { createTopic, type ExporterProcess, produce, randomName, startExporter, waitFor } from "./harness.ts";
import { type Tampering, tamper } from "./tampering.ts";
import { describeWithBroker } from "./with-broker.ts";

describeWithBroker("a link to the broker", ({ brokers }) => {
  const [broker = ""] = brokers;
  const cleanUp: (() => unknown)[] = [];

  afterEach(async () => {
    for (let step = cleanUp.pop(); step !== undefined; step = cleanUp.pop()) await step();
  });

  async function counting(way: Tampering, topic: string, env = {}): Promise<ExporterProcess> {
    cleanUp.push(() => way.close());
    await createTopic(brokers, topic, 2);
    const exporter = await startExporter(runFlags([way.address], [topic]), env);
    cleanUp.push(() => exporter.kill9());
    await produce(brokers, topic, receiptsOf("12", 4));
    await untilCounted(exporter, brokers, topic);
    return exporter;
  }

  it("whose connections go dead while new ones work: is given up, and counting goes on", async () => {
    const topic = randomName("dead");
    const way = await tamper(broker, () => {});
    const exporter = await counting(way, topic);
    way.freeze();
    await produce(brokers, topic, receiptsOf("024", 6));
    expect((await untilCounted(exporter, brokers, topic)).codes).toEqual({ "12": 4, "024": 6 });
    await waitFor(async () => (await (await exporter.get("/-/ready")).text()) === "ready\n", {
      what: "readiness",
    });
  });

  it("on which no data gets through: is not ready, and shows no lag that it can't know", async () => {
    const topic = randomName("hole");
    const way = await tamper(broker, () => {});
    const exporter = await counting(way, topic);
    way.freeze({ newOnes: true });
    const said =
      /^not ready: (?:no heartbeat for|broker \d+ .* has not answered a fetch|counts have not been committed)/;
    await waitFor(async () => said.test(await (await exporter.get("/-/ready")).text()), { what: `${said}` });
    await waitFor(async () => !/^dlr_consumer_lag_records\{/m.test(await exporter.metrics()), {
      what: "the lag to be left out",
    });
    const ages = [...(await exporter.metrics()).matchAll(/^dlr_fetch_age_seconds\{.*\} (\S+)/gm)];
    expect(ages.map(([, age]) => Number(age) > 20)).toEqual([true, true]);
    way.thaw();
    await produce(brokers, topic, receiptsOf("024", 2));
    expect((await untilCounted(exporter, brokers, topic)).codes).toEqual({ "12": 4, "024": 2 });
  });

  it("to a broker that does not keep what is beside an offset: is refused with one sentence", async () => {
    const topic = randomName("lossy");
    let lossy = false;
    const way = await tamper(broker, (body) => {
      // What is given back of a snapshot is another one.
      const at = lossy ? body.indexOf("dlr2:") : -1;
      if (at !== -1) body.write("dlr2:AAAA", at);
    });
    cleanUp.push(() => way.close());
    await createTopic(brokers, topic, 1);
    await produce(brokers, topic, receiptsOf("12", 4));
    lossy = true;
    const exporter = await startExporter(runFlags([way.address], [topic]));
    cleanUp.push(() => exporter.kill9());
    await exporter.metrics();
    expect(await exporter.ended).toBe(1);
    const fatal = logEntries(exporter.log()).filter(({ level }) => level === 60);
    expect(fatal).toHaveLength(1);
    expect(fatal[0]?.line).toContain("it does not store the metadata of offset commits");
  });

  it("to something that is no broker: is not ready, and says what came", async () => {
    const server = createServer((socket) =>
      socket.on("error", () => {}).end("HTTP/1.1 400 Bad Request\r\n\r\n"),
    );
    server.listen(0, "127.0.0.1");
    await once(server, "listening");
    cleanUp.push(() => server.close());
    const address = server.address();
    const port = typeof address === "object" ? address?.port : 0;
    const exporter = await startExporter(runFlags([`127.0.0.1:${port}`], [randomName("stranger")]));
    cleanUp.push(() => exporter.stop());
    await waitFor(
      async () => {
        const page = await (await exporter.get("/-/ready")).text();
        return page.startsWith("not ready: no broker can be reached: ");
      },
      { what: "what stands in the way" },
    );
    expect(countedOf(await exporter.metrics(), "any").codes).toEqual({});
  });
});
