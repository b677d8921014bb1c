import { once } from "node:events";
import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { createServer } from "node:http";
import { type AddressInfo, createServer as createTcpServer, type Socket } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, afterEach, beforeAll, expect, it } from "vitest";
import { receiptsOf } from "./counting.ts";
import { createTopic, freePort, produce, randomName, waitFor } from "./harness.ts";
import { begun, fewCodes, replayed, untilNow } from "./replaying.ts";
import { type Asked, type Tampering, tamper } from "./tampering.ts";
import { describeWithBroker } from "./with-broker.ts";

describeWithBroker("a replay that can't go on", ({ brokers, secure }) => {
  const topic = randomName("failures");
  let window: string[] = [];
  const ways: Tampering[] = [];
  let folder = "";

  beforeAll(async () => {
    folder = await mkdtemp(join(tmpdir(), "dlr-exporter-failures-"));
    await createTopic(brokers, topic, 2);
    await produce(brokers, topic, receiptsOf("12", 100_000));
    window = untilNow();
  });

  afterEach(() => {
    for (const way of ways.splice(0)) way.close();
  });
  afterAll(() => rm(folder, { recursive: true, force: true }));

  const flags = (address = brokers.join(",")) => [
    ...["--brokers", address, "--topic", topic, ...fewCodes, ...window, "--quiet"],
  ];

  /** Starts a replay whose broker freezes with its second answer that has records, long before all are read. */
  async function abandoned(name: string, ...args: string[]) {
    const reading = Promise.withResolvers<void>();
    let answers = 0;
    const way = await tamper(brokers[0] ?? "", (body) => {
      if (!body.includes("biz_id") || ++answers !== 2) return;
      way.freeze({ newOnes: true });
      reading.resolve();
    });
    ways.push(way);
    const replay = begun(...flags(way.address), "--resume", join(folder, `${name}.state`), ...args);
    await Promise.race([reading.promise, replay.ended]);
    return replay;
  }

  it("gives up on a broker that is lost for longer than its timeout", async () => {
    const { ended } = await abandoned("lost", "--timeout", "2s");
    const { code, stderr } = await ended;
    const [, seconds] =
      /^dlr-exporter: no record received for (\d+) s: is a broker down\? --timeout sets how long to wait; run the same command again to continue\n$/.exec(
        stderr,
      ) ?? [];
    // by itself it is ten minutes
    expect(Number(seconds), stderr).toBeGreaterThanOrEqual(2);
    expect(Number(seconds)).toBeLessThan(600);
    expect(code).toBe(1);
  });

  it("gives up on a broker that never answers, and goes on once it does", async () => {
    const silent = await listenSilently();
    const { code, stderr } = await replayed(...flags(silent.address), "--timeout", "1s");
    silent.close();
    expect(stderr).toBe("dlr-exporter: no broker answered for 1 s; --timeout sets how long to wait\n");
    expect(code).toBe(1);
    const after = await replayed(...flags(), "--report", "json", "--resume", join(folder, "lost.state"));
    expect(after.stderr).toBe("");
    expect(JSON.parse(after.stdout)).toMatchObject({ receipts: 100_000, gaps: [] });
  });

  it.each([
    { passes: true, name: "waits until each partition has a leader" },
    { passes: false, name: "names a partition that has no leader for longer than its timeout" },
  ])("$name", async ({ passes }) => {
    const asked = { [listOffsets]: 0, [fetch]: 0 };
    let refused = 0;
    // planning asks for the log's ends, and reading fetches
    const passing = { [listOffsets]: 3, [fetch]: 1 };
    const way = await tamper(brokers[0] ?? "", (body, request) => {
      const { api } = request;
      if (api !== listOffsets && api !== fetch) return;
      const isRefused = ++asked[api] <= passing[api] || !passes;
      if (isRefused && disown(topic, body, request)) refused++;
    });
    ways.push(way);
    const { code, stderr } = await replayed(...flags(way.address), "--timeout", passes ? "2m" : "5s");
    // a broker names the partitions in an order of its own
    const says = `^dlr-exporter: partition [01] of topic ${topic} had no leader for 5 s; --timeout sets how long to wait\n$`;
    expect(stderr).toMatch(passes ? /^$/ : new RegExp(says));
    expect(code).toBe(passes ? 0 : 1);
    expect(refused).toBeGreaterThanOrEqual(passes ? 4 : 1);
  });

  it("goes on by new connections when the old ones are dead without a word", async () => {
    let answers = 0;
    const way = await tamper(brokers[0] ?? "", (body) => {
      if (!body.includes("biz_id") || ++answers !== 2) return;
      way.freeze({ newOnes: true });
      setTimeout(() => way.thaw(), 15_000);
    });
    ways.push(way);
    const { code, stdout, stderr } = await replayed(
      ...flags(way.address),
      "--report",
      "json",
      "--timeout",
      "2m",
    );
    expect(code, stderr).toBe(0);
    expect(JSON.parse(stdout)).toMatchObject({ receipts: 100_000, gaps: [] });
  });

  it("ends at Ctrl-C though the broker answers nothing", async () => {
    const silent = await listenSilently();
    const reading = await abandoned("stopped");
    const planning = begun(...flags(silent.address));
    await Promise.race([silent.connected, planning.ended]);
    for (const { child } of [reading, planning]) child.kill("SIGINT");
    const [read, planned] = await Promise.all([reading.ended, planning.ended]);
    silent.close();
    expect(read.stderr).toMatch(
      /^dlr-exporter: stopped after [\d,]+ of 100,000 records \(\d\d? %\); run the same command again to continue\n$/,
    );
    expect(planned.stderr).toBe("dlr-exporter: stopped before the first record; nothing was written\n");
    expect([read.code, planned.code]).toEqual([1, 1]);
  });

  it("ends however often Ctrl-C is pressed, and says once how far it came", async () => {
    const { child, ended } = await abandoned("hasty");
    let isSaid = false;
    child.stderr?.once("data", () => {
      isSaid = true;
    });
    // Two at the same moment count as one. After the last word a signal would meet a process that handles none any more.
    await waitFor(() => isSaid || child.exitCode !== null || !child.kill("SIGINT"), { what: "the end" });
    const { code, stderr } = await ended;
    expect(stderr).toMatch(/^dlr-exporter: stopped after .*\n$/);
    expect(code).toBe(1);
  });

  it("stops while a server takes its time", async () => {
    const asked = Promise.withResolvers<void>();
    // The first request is empty, and tries whether it is there.
    let requests = 0;
    const server = createServer((_, response) => {
      if (++requests === 1) response.writeHead(204).end();
      else asked.resolve();
    });
    const port = await freePort();
    server.listen(port, "127.0.0.1");
    const { child, ended } = begun(...flags(), "--remote-write", `http://127.0.0.1:${port}/`);
    await Promise.race([asked.promise, ended]);
    child.kill("SIGTERM");
    const { code, stderr } = await ended;
    server.close();
    server.closeAllConnections();
    expect(stderr).toBe(
      `dlr-exporter: remote write to http://127.0.0.1:${port}/: stopped (0 samples were accepted before); use --resume FILE to keep what was read\n`,
    );
    expect(code).toBe(1);
  });

  it("names its flags when a receiver takes nothing, and goes on once it does", async () => {
    let taken = 0;
    const server = createServer((_, response) => {
      response.writeHead(taken-- > 0 ? 204 : 503).end();
    });
    const port = await freePort();
    server.listen(port, "127.0.0.1");
    const sending = ["--remote-write", `http://127.0.0.1:${port}/`];
    const state = join(folder, "unsent.state");
    const impatient = (...args: string[]) => {
      // That which tries whether it is there.
      taken = 1;
      return replayed(...flags(), ...sending, "--timeout", "1s", ...args);
    };
    const gaveUp =
      "gave up after 1 second without progress; it answered 503 (0 samples were accepted before)";
    const first = await impatient();
    expect(first.stderr).toContain(
      `${gaveUp}; --timeout sets how long to wait; use --resume FILE to keep what was read\n`,
    );
    const second = await impatient("--resume", state);
    expect(second.stderr).toContain(
      `${gaveUp}; --timeout sets how long to wait; run the same command again to continue\n`,
    );
    taken = Number.POSITIVE_INFINITY;
    const third = await replayed(...flags(), ...sending, "--timeout", "1s", "--resume", state);
    server.close();
    expect([first.code, second.code, third.code, third.stderr]).toEqual([1, 1, 0, ""]);
  });

  it("sends the token that its file holds by then", async () => {
    const token = join(folder, "token");
    await writeFile(token, "old-token", { mode: 0o600 });
    const logins: (string | undefined)[] = [];
    const server = createServer(async ({ headers }, response) => {
      logins.push(headers.authorization);
      if (logins.length === 1) await writeFile(token, "new-token");
      response.writeHead(204).end();
    });
    const port = await freePort();
    server.listen(port, "127.0.0.1");
    const sending = ["--remote-write", `http://127.0.0.1:${port}/`, "--bearer-token-file", token];
    const { code, stderr } = await replayed(...flags(), ...sending);
    server.close();
    server.closeAllConnections();
    expect([code, stderr]).toEqual([0, ""]);
    expect([...new Set(logins)]).toEqual(["Bearer old-token", "Bearer new-token"]);
  });

  const brokersInVain = [
    {
      name: "nobody listens",
      address: "127.0.0.1:1",
      says: /^dlr-exporter: no broker can be reached: connect ECONNREFUSED 127\.0\.0\.1:1\n$/,
    },
    ...(secure === undefined
      ? []
      : [
          {
            name: "its password is wrong",
            address: secure.sasl.join(","),
            says: /^dlr-exporter: .*authentication failed.*\n$/i,
          },
        ]),
  ];
  it.each(brokersInVain)("says in one line that $name", async ({ address, says }) => {
    const config = join(folder, "login.yaml");
    const password = join(folder, "password");
    // one that everybody may read is warned of before
    await writeFile(password, "not-it", { mode: 0o600 });
    await writeFile(config, `sasl: { mechanism: plain, username: admin, password_file: ${password} }\n`);
    const { code, stderr } = await replayed("--config", config, ...flags(address));
    expect(stderr).toMatch(says);
    expect(code).toBe(1);
  });
});

/** The keys of the requests that read a log, and that ask for its ends. */
const [fetch, listOffsets] = [1, 2] as const;

/** Makes a broker's answer about a log, or about its ends, say that it doesn't lead the first partition. */
function disown(topic: string, body: Buffer, { api, version }: Asked): boolean {
  if (api === fetch && version >= 13) {
    // a topic is known by its id there, and comes after 16 bytes and an id of 16, then the number of partitions
    body.writeInt16BE(6, 16 + 16 + 1 + 4);
    return true;
  }
  const at = body.indexOf(topic);
  if (at === -1) return false;
  // behind the name comes the number of partitions, one byte in the flexible versions, then the first one's number
  const partition = at + topic.length + (version < 6 ? 4 : 1);
  body.writeInt16BE(6, partition + 4);
  return true;
}

/** A port that takes connections and says nothing, as that of a broker that is frozen. */
async function listenSilently() {
  const connected = Promise.withResolvers<void>();
  const sockets: Socket[] = [];
  const server = createTcpServer((socket) => {
    sockets.push(socket.on("error", () => {}));
    connected.resolve();
  });
  server.listen(0, "127.0.0.1");
  await once(server, "listening");
  return {
    address: `127.0.0.1:${(server.address() as AddressInfo).port}`,
    /** Settles when somebody has connected. */
    connected: connected.promise,
    close: () => {
      server.close();
      for (const socket of sockets) socket.destroy();
    },
  };
}
