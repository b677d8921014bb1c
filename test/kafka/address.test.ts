import { once } from "node:events";
import { type AddressInfo, createServer, type Socket } from "node:net";
import { networkInterfaces } from "node:os";
import { pino } from "pino";
import { afterEach, describe, expect, it } from "vitest";
import { hostPort, splitHostPort } from "../../src/kafka/address.ts";
import { Cluster } from "../../src/kafka/cluster.ts";
import { Reader, Writer } from "../../src/kafka/wire/bytes.ts";
import { FrameReader } from "../../src/kafka/wire/frame-socket.ts";
import { frameAround, receive } from "./wire/frames.ts";

it("stands in brackets when it is of IPv6", () => {
  expect([hostPort("a.b", 1), hostPort("::1", 2)]).toEqual(["a.b:1", "[::1]:2"]);
  expect(splitHostPort("a.b:1")).toEqual({ host: "a.b", port: 1 });
  expect(splitHostPort("[::1]:2")).toEqual({ host: "::1", port: 2 });
});

const loopback = Object.values(networkInterfaces()).flat();
const missing = loopback.some((own) => own?.address === "::1") ? undefined : "this machine has no ::1";
if (missing !== undefined) console.warn(`brokers at IPv6 addresses are not tried: ${missing}`);

describe.skipIf(missing !== undefined && process.env.CI !== "true")("a broker at an IPv6 address", () => {
  const cleanUp: (() => unknown)[] = [];
  afterEach(async () => {
    for (let step = cleanUp.pop(); step !== undefined; step = cleanUp.pop()) await step();
  });

  /** Two listeners on `::1`: one to ask first, and one that it names as the broker's own. */
  async function broker(): Promise<{ first: string; asked: () => number }> {
    let asked = 0;
    const own = await listener(0, () => {
      asked += 1;
    });
    const first = await listener(own, () => {});
    return { first: `[::1]:${first}`, asked: () => asked };
  }

  /** @param advertised the port that it names; 0 for its own */
  async function listener(advertised: number, onRequest: () => void): Promise<number> {
    const sockets = new Set<Socket>();
    const server = createServer((socket) => {
      sockets.add(socket.on("error", () => {}));
      const { port } = server.address() as AddressInfo;
      const reader = new FrameReader((frame) => {
        const request = new Reader(frame.subarray(4));
        const [api, version, correlation] = [request.int16(), request.int16(), request.int32()];
        onRequest();
        const answer = new Writer().int32(correlation);
        answerTo(answer, api, version, advertised === 0 ? port : advertised);
        socket.write(frameAround(answer.buffer));
      });
      socket.on("data", (bytes) => receive(reader, bytes));
    });
    server.listen(0, "::1");
    await once(server, "listening");
    cleanUp.push(() => {
      for (const socket of sockets) socket.destroy();
      server.close();
    });
    return (server.address() as AddressInfo).port;
  }

  it("is found and asked", async () => {
    const { first, asked } = await broker();
    const client = { brokers: [first], clientId: "test", ssl: undefined, sasl: undefined };
    const cluster = new Cluster(client, { group: "g", sessionTimeoutMs: 6_000 }, pino({ level: "silent" }));
    cleanUp.push(() => cluster.close());
    expect(await cluster.perform({ kind: "metadata", topics: [], all: false })).toMatchObject({
      result: { brokers: new Map([[7, expect.stringMatching(/^\[::1\]:\d+$/)]]) },
    });
    expect(asked()).toBe(0);
    expect(await cluster.perform({ kind: "range", broker: 7, partitions: [] })).toMatchObject({ result: [] });
    expect(asked()).toBeGreaterThan(0);
  });
});

/** Writes what a broker with the id 7 and no topics answers. */
function answerTo(answer: Writer, api: number, version: number, port: number): void {
  const [listOffsets, metadata, apiVersions] = [2, 3, 18];
  if (api === apiVersions) {
    const known = [listOffsets, metadata, apiVersions].map((key) => [key, key === metadata ? 5 : 2] as const);
    answer.int16(0).array(known, ([key, most], to) => to.int16(key).int16(0).int16(most));
    if (version > 0) answer.int32(0);
  } else if (api === metadata) {
    answer.int32(0).array([0], (_, to) => to.int32(7).string("::1").int32(port).string(null));
    answer
      .string("cluster")
      .int32(7)
      .array([], () => {});
  } else {
    answer.int32(0).array([], () => {});
  }
}
