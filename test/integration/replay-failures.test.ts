import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { createServer } from "node:http";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { findStarters } from "../../src/demo/broker.ts";
import type { OwnBroker } from "../../src/demo/broker-contract.ts";
import { receiptsOf } from "./counting.ts";
import { createTopic, freePort, produce, randomName, waitFor, withAdmin } from "./harness.ts";
import { begun, recently, replayed } from "./replaying.ts";

const { starters, reasons } = await findStarters();
const [start] = starters.values();
if (start === undefined) console.warn(`failures of a replay are not tried: ${reasons.join("; ")}`);

// a broker that can be frozen while no other test needs it
describe.skipIf(start === undefined && process.env.CI !== "true")("a replay that can't go on", () => {
  const topic = randomName("failures");
  const window = recently();
  let broker: OwnBroker;
  let folder = "";

  beforeAll(async () => {
    if (start === undefined) throw new Error(reasons.join("; "));
    broker = await start({ secure: true });
    folder = await mkdtemp(join(tmpdir(), "dlr-exporter-failures-"));
    await createTopic(broker.brokers, topic, 2);
    await produce(broker.brokers, topic, receiptsOf("12", 400_000));
  });

  afterAll(async () => {
    await broker?.stop();
    await rm(folder, { recursive: true, force: true });
  });

  const flags = () => ["--brokers", broker.brokers.join(","), "--topic", topic, ...window, "--quiet"];

  /** Starts a replay and freezes the broker once its worker has joined its group, long before all is read. */
  async function abandoned(name: string, ...args: string[]) {
    const state = join(folder, `${name}.state`);
    const replay = begun(...flags(), "--group-prefix", `${name}-`, "--resume", state, ...args);
    await withAdmin(broker.brokers, (admin) =>
      waitFor(
        async () => (await admin.listGroups()).groups.some(({ groupId }) => groupId.startsWith(`${name}-`)),
        { what: "the group" },
      ),
    );
    await broker.pause();
    return replay;
  }

  it("gives up on a broker that is lost for longer than its timeout", async () => {
    const { ended } = await abandoned("lost", "--timeout", "2s");
    const lostAt = Date.now();
    const { code, stderr } = await ended;
    const waited = Date.now() - lostAt;
    await broker.unpause();
    expect(stderr).toMatch(/^dlr-exporter: no record has come for [23] s: is a broker away\?\n$/);
    expect(code).toBe(1);
    expect(waited).toBeGreaterThan(1_500);
    expect(waited).toBeLessThan(6_000);
  });

  it("gives up on a broker that never answers, and goes on once it does", async () => {
    await broker.pause();
    const startedAt = Date.now();
    const { code, stderr } = await replayed(...flags(), "--timeout", "1s");
    const waited = Date.now() - startedAt;
    await broker.unpause();
    expect(stderr).toBe("dlr-exporter: no broker has answered for 1 s\n");
    expect(code).toBe(1);
    expect(waited).toBeLessThan(4_000);
    const after = await replayed(...flags(), "--report", "json", "--resume", join(folder, "lost.state"));
    expect(after.stderr).toBe("");
    expect(JSON.parse(after.stdout)).toMatchObject({ receipts: 400_000, gaps: [] });
  });

  it("ends within two seconds of Ctrl-C though the broker answers nothing", async () => {
    const { child, ended } = await abandoned("stopped");
    const connecting = begun(...flags());
    await sleep(600);
    const stoppedAt = Date.now();
    for (const stopped of [child, connecting.child]) stopped.kill("SIGINT");
    const [reading, planning] = await Promise.all([ended, connecting.ended]);
    const waited = Date.now() - stoppedAt;
    await broker.unpause();
    expect(reading.stderr).toMatch(
      /^dlr-exporter: stopped after [\d,]+ of 400,000 records \(\d+ %\); give the same command again to go on\n$/,
    );
    expect(planning.stderr).toBe("dlr-exporter: stopped before the first record; nothing was written\n");
    expect([reading.code, planning.code]).toEqual([1, 1]);
    expect(waited).toBeLessThan(2_000);
  });

  it("ends at once on a second Ctrl-C", async () => {
    const { child, ended } = await abandoned("hasty");
    const stoppedAt = Date.now();
    child.kill("SIGINT");
    await sleep(300);
    // it still waits for its group to be left
    expect(child.exitCode).toBeNull();
    child.kill("SIGINT");
    const { code, stderr } = await ended;
    const waited = Date.now() - stoppedAt;
    await broker.unpause();
    expect(stderr).toMatch(/^dlr-exporter: stopped after .*\n$/);
    expect(code).toBe(1);
    expect(waited).toBeLessThan(1_000);
  });

  it("stops while a server takes its time", async () => {
    const asked = Promise.withResolvers<void>();
    const server = createServer(() => asked.resolve());
    const port = await freePort();
    server.listen(port, "127.0.0.1");
    const { child, ended } = begun(...flags(), "--remote-write", `http://127.0.0.1:${port}/`);
    await asked.promise;
    const stoppedAt = Date.now();
    child.kill("SIGTERM");
    const { code, stderr } = await ended;
    server.close();
    server.closeAllConnections();
    expect(stderr).toBe(
      `dlr-exporter: remote write to http://127.0.0.1:${port}/: stopped (0 samples were taken before)\n`,
    );
    expect(code).toBe(1);
    expect(Date.now() - stoppedAt).toBeLessThan(2_500);
  });

  it.each([
    {
      name: "nobody listens",
      brokers: () => "127.0.0.1:1",
      says: /^dlr-exporter: no broker can be reached: connect ECONNREFUSED 127\.0\.0\.1:1\n$/,
    },
    {
      name: "its password is wrong",
      brokers: () => broker.secure?.sasl.join(",") ?? "",
      says: /^dlr-exporter: .*authentication failed.*\n$/i,
    },
  ])("says in one line that $name", async ({ brokers, says }) => {
    const config = join(folder, "login.yaml");
    const password = join(folder, "password");
    await writeFile(password, "not-it");
    await writeFile(config, `sasl: { mechanism: plain, username: admin, password_file: ${password} }\n`);
    const args = ["--config", config, "--brokers", brokers(), "--topic", topic, ...window];
    const { code, stderr } = await replayed(...args);
    expect(stderr).toMatch(says);
    expect(code).toBe(1);
  });
});
