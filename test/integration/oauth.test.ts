import { setTimeout as sleep } from "node:timers/promises";
import { afterEach, beforeAll, expect, it } from "vitest";
import { startTokenEndpoint, type TokenEndpoint } from "../lab/token-endpoint.ts";
import { logEntries, receiptsOf, runFlags, untilCounted } from "./counting.ts";
import { createTopic, type ExporterProcess, produce, randomName, startExporter, waitFor } from "./harness.ts";
import { describeWithLogins } from "./with-broker.ts";

const client = { clientId: "exporter", secret: "hunter2-of-the-client" };

describeWithLogins("a broker that takes tokens", ({ brokers, secure }) => {
  const ends: (() => Promise<unknown>)[] = [];
  let topic = "";

  beforeAll(async () => {
    // the names of the tests' topics are their own
    topic = randomName("oauth");
    await createTopic(brokers, topic, 2);
    await produce(brokers, topic, receiptsOf("DELIVRD", 40));
  });

  afterEach(async () => {
    for (const end of ends.splice(0).reverse()) await end();
  });

  /** @param seconds how long its tokens are good */
  async function endpointFor(seconds: number, port?: number): Promise<TokenEndpoint> {
    const endpoint = await startTokenEndpoint(client, seconds, undefined, port);
    ends.push(() => endpoint.close());
    return endpoint;
  }

  async function enter(url: string, env: Record<string, string> = {}): Promise<ExporterProcess> {
    const exporter = await startExporter(runFlags(secure.sasl, [topic], randomName("oauth")), {
      DLR_SASL_MECHANISM: "oauthbearer",
      DLR_SASL_TOKEN_ENDPOINT: url,
      DLR_SASL_CLIENT_ID: client.clientId,
      DLR_SASL_CLIENT_SECRET: client.secret,
      DLR_LOG_LEVEL: "trace",
      ...env,
    });
    ends.push(() => exporter.stop());
    return exporter;
  }

  /** Sends the same again and again, and sees to it that each time all of it is counted. */
  async function countsOn(exporter: ExporterProcess, isEnough: () => boolean): Promise<void> {
    while (!isEnough()) {
      await produce(brokers, topic, receiptsOf("DELIVRD", 10));
      await untilCounted(exporter, brokers, topic);
      // a token lasts a while: there is no need to fill it
      await sleep(500);
    }
  }

  it("counts with one token for all connections, and shows it to nobody", async () => {
    const { url, granted, tokens } = await endpointFor(3600);
    const exporter = await enter(url, { DLR_SASL_SCOPE: "kafka" });
    await untilCounted(exporter, brokers, topic);
    expect(granted.map(String)).toEqual(["grant_type=client_credentials&scope=kafka"]);
    const page = await (await exporter.get("/")).text();
    for (const text of [exporter.log(), page]) {
      expect(text).not.toContain(client.secret);
      expect(text).not.toContain(tokens[0]);
    }
  });

  it("logs in anew before a token ends, and counts on over the same sessions", async () => {
    // long enough that a busy machine logs in anew in what is left of it
    const { url, tokens } = await endpointFor(15);
    const exporter = await enter(url);
    await untilCounted(exporter, brokers, topic);
    await countsOn(exporter, () => tokens.length > 2);
    const trouble = logEntries(exporter.log()).filter(({ level }) => level >= 40);
    expect(trouble).toEqual([]);
    expect(exporter.log()).not.toMatch(/closed|joining anew/i);
    // once, at the start
    expect(exporter.log().match(/joined the group/g)).toHaveLength(1);
  });

  it("waits for an endpoint that is away, says so, and counts when it is there", async () => {
    const before = await endpointFor(3600);
    await before.close();
    ends.length = 0;
    const exporter = await enter(before.url);
    const reason = async () => (await exporter.get("/-/ready")).text();
    await waitFor(async () => (await reason()).includes("the token endpoint"), { what: "the reason" });
    expect(await reason()).toContain(
      `no broker can be reached: the token endpoint ${before.url} can't be reached: connect ECONNREFUSED`,
    );
    expect((await exporter.get("/-/healthy")).status).toBe(200);
    await endpointFor(3600, Number(new URL(before.url).port));
    await untilCounted(exporter, brokers, topic);
  });

  it("ends with 1 and one clear line on a wrong secret", async () => {
    const { url } = await endpointFor(3600);
    const exporter = await enter(url, { DLR_SASL_CLIENT_SECRET: "hunter3-of-nobody" });
    expect(await exporter.ended).toBe(1);
    const errors = logEntries(exporter.log()).filter(({ level }) => level >= 40);
    expect(errors).toEqual([expect.objectContaining({ level: 60 })]);
    expect(errors[0]?.line).toContain(
      `the token endpoint ${url} refuses the client exporter: invalid_client`,
    );
    expect(exporter.log()).not.toMatch(/hunter/);
  });

  it("ends with 1 and one clear line when the broker takes no such token", async () => {
    const endpoint = await endpointFor(3600);
    endpoint.answer(() => ({ body: JSON.stringify({ access_token: "hunter2", expires_in: 60 }) }));
    const exporter = await enter(endpoint.url);
    expect(await exporter.ended).toBe(1);
    const errors = logEntries(exporter.log()).filter(({ level }) => level >= 40);
    expect(errors).toEqual([expect.objectContaining({ level: 60 })]);
    expect(errors[0]?.line).toMatch(/OAUTHBEARER: .*invalid_token/);
    expect(exporter.log()).not.toMatch(/hunter/);
  });
});
