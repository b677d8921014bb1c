import { once } from "node:events";
import { type AddressInfo, createConnection, createServer, type Socket } from "node:net";
import { FrameReader } from "../../src/kafka/wire/frame-socket.ts";

/** A way to a broker on which its answers can be changed. */
export interface Tampering {
  /** `host:port` to give to a client, which then stays on this way. */
  readonly address: string;
  /** From now on nothing passes on the connections that are there, nor, if told, on new ones. Nothing is closed. */
  freeze(what?: { readonly newOnes: boolean }): void;
  /** New connections work again; what was frozen stays so. */
  thaw(): void;
  close(): void;
}

/** What an answer answers (https://kafka.apache.org/protocol#protocol_api_keys). */
export interface Asked {
  readonly api: number;
  readonly version: number;
}

/**
 * Opens a port of this machine that leads to a broker.
 *
 * @param target `host:port` of the broker, as it names itself
 * @param change what becomes of an answer's body, from the correlation id on, whose length stays as it is
 */
export async function tamper(
  target: string,
  change: (body: Buffer, asked: Asked) => void,
): Promise<Tampering> {
  const colon = target.lastIndexOf(":");
  const host = target.slice(0, colon);
  const port = Number(target.slice(colon + 1));
  const sockets = new Set<Socket>();
  let frozen = false;
  const server = createServer((client) => {
    if (frozen) {
      sockets.add(client.on("error", () => {}));
      return;
    }
    const broker = createConnection({ host, port });
    const asked = new Map<number, Asked>();
    const requests = new FrameReader((frame) => {
      const [api, version, correlation] = [frame.readInt16BE(4), frame.readInt16BE(6), frame.readInt32BE(8)];
      asked.set(correlation, { api, version });
      requests.giveBack();
    });
    const answers = new FrameReader((frame) => {
      let body = frame.subarray(4);
      for (const name of [named, compactlyNamed])
        body = renamed(body, name(host, port), name("127.0.0.1", own));
      const correlation = body.readInt32BE();
      // kafkajs logs in by bytes that are no request
      change(body, asked.get(correlation) ?? { api: -1, version: -1 });
      asked.delete(correlation);
      const head = Buffer.alloc(4);
      head.writeInt32BE(body.length);
      client.write(Buffer.concat([head, body]));
    });
    client.on("data", (chunk: Buffer) => read(requests, chunk));
    broker.on("data", (chunk) => read(answers, chunk));
    client.pipe(broker);
    for (const [one, other] of [
      [client, broker],
      [broker, client],
    ] as const) {
      sockets.add(one);
      one.on("error", () => other.destroy());
      one.on("close", () => other.destroy());
    }
  });
  server.listen(0, "127.0.0.1");
  await once(server, "listening");
  const { port: own } = server.address() as AddressInfo;
  return {
    address: `127.0.0.1:${own}`,
    freeze: ({ newOnes } = { newOnes: false }) => {
      frozen = newOnes;
      for (const socket of sockets) socket.unpipe().pause();
    },
    thaw: () => {
      frozen = false;
    },
    close: () => {
      server.close();
      for (const socket of sockets) socket.destroy();
    },
  };
}

function read(reader: FrameReader, chunk: Buffer): void {
  for (let rest = chunk; rest.length > 0;) {
    const taken = rest.copy(reader.room());
    reader.received(taken);
    rest = rest.subarray(taken);
  }
}

/** The same in the flexible versions of the protocol. */
function compactlyNamed(host: string, port: number): Buffer {
  const bytes = Buffer.alloc(1 + host.length + 4);
  bytes.writeUInt8(host.length + 1);
  bytes.write(host, 1);
  bytes.writeInt32BE(port, 1 + host.length);
  return bytes;
}

/** A broker's address as it stands in an answer. */
function named(host: string, port: number): Buffer {
  const bytes = Buffer.alloc(2 + host.length + 4);
  bytes.writeInt16BE(host.length);
  bytes.write(host, 2);
  bytes.writeInt32BE(port, 2 + host.length);
  return bytes;
}

function renamed(body: Buffer, from: Buffer, to: Buffer): Buffer {
  const at = body.indexOf(from);
  if (at === -1) return body;
  return Buffer.concat([body.subarray(0, at), to, renamed(body.subarray(at + from.length), from, to)]);
}
