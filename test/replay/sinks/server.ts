import { createServer, type IncomingHttpHeaders } from "node:http";
import { buffer } from "node:stream/consumers";
import { onTestFinished } from "vitest";

/** A request that arrived whole. */
export interface Arrived {
  readonly method: string;
  readonly path: string;
  readonly headers: IncomingHttpHeaders;
  readonly body: Buffer;
}

/** How a request is answered: with a response, a connection that breaks, or never. */
export type Reply =
  | { readonly status: number; readonly headers?: Record<string, string>; readonly body?: string }
  | "reset"
  | "hang";

/** A server on this machine, until the test ends. */
export interface TestServer {
  readonly url: string;
  readonly arrived: readonly Arrived[];
}

/** @param reply called for each request that arrived; its number counts from 0 */
export async function listen(reply: (number: number, request: Arrived) => Reply): Promise<TestServer> {
  return listenOn(0, reply);
}

/** The same on a port of the caller's choice. */
export async function listenOn(
  port: number,
  reply: (number: number, request: Arrived) => Reply,
): Promise<TestServer> {
  const arrived: Arrived[] = [];
  const server = createServer(async (request, response) => {
    const { method = "", url = "", headers } = request;
    const one = { method, path: url, headers, body: await buffer(request) };
    const answer = reply(arrived.push(one) - 1, one);
    if (answer === "reset") request.socket.resetAndDestroy();
    else if (answer !== "hang") response.writeHead(answer.status, answer.headers).end(answer.body);
  });
  await new Promise<void>((resolve) => server.listen(port, "127.0.0.1", resolve));
  onTestFinished(() => {
    server.close();
    server.closeAllConnections();
  });
  const address = server.address();
  if (address === null || typeof address === "string") throw new Error("a TCP server has a port");
  return { url: `http://127.0.0.1:${address.port}`, arrived };
}
