import { once } from "node:events";
import { createConnection, type Socket } from "node:net";

/** A raw client: it sends exactly the given bytes, and reads only on request. */
export interface RawClient {
  readonly socket: Socket;
  /** What has come so far, each byte as a character. */
  text(): string;
  /** All that came, once the connection is closed by whomever. */
  readonly ended: Promise<string>;
  /** Resolves when the bytes are on their way, or can't be sent any more. */
  send(bytes: string): Promise<void>;
  /** Begins to take what it is sent, where it did not from the start. */
  read(): void;
}

/** The clients of one test file, to be closed after each test. */
export class RawClients {
  readonly #sockets: Socket[] = [];

  /**
   * Connects and sends something.
   *
   * @param reads whether it takes what it is sent
   */
  async open(port: number, sends = "", reads = true): Promise<RawClient> {
    const socket = createConnection(port, "127.0.0.1");
    this.#sockets.push(socket);
    socket.on("error", () => {});
    let text = "";
    const take = (chunk: string) => {
      text += chunk;
    };
    const read = () => socket.setEncoding("latin1").on("data", take);
    if (reads) read();
    const ended = new Promise<string>((resolve) => socket.once("close", () => resolve(text)));
    await once(socket, "connect");
    const send = (bytes: string) => new Promise<void>((resolve) => socket.write(bytes, () => resolve()));
    if (sends !== "") await send(sends);
    return { socket, text: () => text, ended, send, read };
  }

  close(): void {
    for (const socket of this.#sockets.splice(0)) socket.destroy();
  }
}

/** A request as it stands on the wire. */
export function requestText(line: string, headers: Readonly<Record<string, string>> = {}, body = ""): string {
  const lines = Object.entries({ Host: "a", ...headers }).map(([name, value]) => `${name}: ${value}\r\n`);
  return `${line} HTTP/1.1\r\n${lines.join("")}\r\n${body}`;
}

/** The statuses of the answers in what a client got, in their order. */
export function statusesIn(text: string): number[] {
  return [...text.matchAll(/HTTP\/1\.1 (\d{3}) /g)].map(([, status]) => Number(status));
}
