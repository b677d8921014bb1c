import { once } from "node:events";
import { type AddressInfo, createServer, type Socket } from "node:net";
import { pino } from "pino";
import { afterEach, describe, expect, it } from "vitest";
import type { ClientSettings } from "../../../src/kafka/client-settings.ts";
import { KafkaFailure } from "../../../src/kafka/failure.ts";
import { heartbeat } from "../../../src/kafka/wire/group-apis.ts";
import { BrokerLink } from "../../../src/kafka/wire/link.ts";
import { all, i16, i32, list } from "./foreign.ts";

const log = pino({ level: "silent" });
const ends: (() => unknown)[] = [];

afterEach(() => {
  for (const end of ends.splice(0)) end();
});

/** Listens on a real socket. @returns its `host:port` */
async function peer(serve: (socket: Socket) => void): Promise<string> {
  const server = createServer((socket) => {
    ends.push(() => socket.destroy());
    socket.on("error", () => {});
    serve(socket);
  }).listen(0, "127.0.0.1");
  ends.push(() => server.close());
  await once(server, "listening");
  return `127.0.0.1:${(server.address() as AddressInfo).port}`;
}

/** A broker that takes these versions of a heartbeat, and treats the first one as it is told to. */
function broker(from: number, to: number, then: (socket: Socket) => void): Promise<string> {
  return peer((socket) => {
    socket.once("data", (asked) => {
      const correlation = asked.subarray(8, 12);
      const answer = all(correlation, i16(0), list(all(i16(heartbeat.key), i16(from), i16(to))));
      socket.once("data", () => then(socket));
      socket.write(all(i32(answer.length), answer));
    });
  });
}

/** What a heartbeat over a new link fails with. */
async function failing(address: string, more: Partial<ClientSettings> = {}, silenceMs = 60_000) {
  const client = { brokers: [address], clientId: "test", ssl: undefined, sasl: undefined, ...more };
  const link = new BrokerLink(address, client, log);
  ends.push(() => link.close());
  const beat = link.request(heartbeat, { group: "g", memberId: "m", generation: 1 }, silenceMs);
  const error = await beat.then(
    () => undefined,
    (error: unknown) => error,
  );
  expect(error).toBeInstanceOf(KafkaFailure);
  const { code, message } = error as KafkaFailure;
  return { code, message };
}

describe("a link fails", () => {
  it("where nobody listens: unreachable, in the words of the socket", async () => {
    const message = "connect ECONNREFUSED 127.0.0.1:1";
    expect(await failing("127.0.0.1:1")).toEqual({ code: "unreachable", message });
  });

  it("at what talks no TLS: unreachable, in the words of TLS", async () => {
    const address = await peer((socket) => socket.once("data", () => socket.end("who are you?")));
    const ssl = { ca: undefined, cert: undefined, key: undefined, serverName: "localhost" };
    const message = expect.stringMatching(/wrong version number|packet length/i);
    expect(await failing(address, { ssl })).toEqual({ code: "unreachable", message });
  });

  it("at what says nothing from the start: unreachable, for nothing was asked yet", async () => {
    const message = expect.stringMatching(/^127\.0\.0\.1:\d+ has not answered for 0\.05 s$/);
    expect(await failing(await peer(() => {}), {}, 50)).toEqual({ code: "unreachable", message });
  });

  it("at what is no broker: unreachable", async () => {
    const address = await peer((socket) => socket.once("data", () => socket.end("HTTP/1.1 400 Bad Request")));
    expect(await failing(address)).toEqual({
      code: "unreachable",
      message: expect.stringMatching(/exceeds the limit: is this a Kafka broker\?$/),
    });
  });

  it("when it breaks with a request under way: nobody knows whether that was carried out", async () => {
    const address = await broker(0, 4, (socket) => socket.destroy());
    expect(await failing(address)).toEqual({ code: "no_answer", message: "Closed connection" });
  });

  it("when a request gets no answer, for whose silence there is an end", async () => {
    const address = await broker(0, 4, () => {});
    expect((await failing(address, {}, 1_000)).code).toBe("no_answer");
  });

  it("at a broker that speaks no version of the request", async () => {
    const address = await broker(4, 4, () => {});
    expect((await failing(address)).code).toBe("unsupported_version");
  });
});
