import { once } from "node:events";
import { createConnection, createServer } from "node:net";

/** A TCP port that leads to a broker, opened when a test wants the broker to be there. */
export interface Forwarder {
  /** Everything that clients have sent through it. */
  sent(): Buffer;
  /** Closes the port; connections that are open stay. */
  close(): Promise<void>;
}

/**
 * Opens a port of this machine that leads to a broker. A client that is told this address asks here first, and
 * goes on at the address that the broker itself names.
 *
 * @param target `host:port` of the broker
 */
export async function forward(port: number, target: string): Promise<Forwarder> {
  const colon = target.lastIndexOf(":");
  const chunks: Buffer[] = [];
  const server = createServer((client) => {
    const broker = createConnection({ host: target.slice(0, colon), port: Number(target.slice(colon + 1)) });
    client.on("data", (chunk) => chunks.push(chunk));
    client.pipe(broker).pipe(client);
    client.on("error", () => broker.destroy());
    broker.on("error", () => client.destroy());
  });
  server.listen(port, "127.0.0.1");
  await once(server, "listening");
  return {
    sent: () => Buffer.concat(chunks),
    close: async () => {
      server.close();
    },
  };
}
