import http, { type IncomingHttpHeaders, type IncomingMessage } from "node:http";
import https from "node:https";
import { pipeline } from "node:stream/promises";
import { certificateError } from "./certificates.ts";
import type { Endpoint } from "./endpoint.ts";

/** A request to an {@link Endpoint}; its path is the endpoint's own. */
export interface Asked {
  readonly method: "GET" | "POST";
  /** Beside those of the endpoint. */
  readonly headers?: Readonly<Record<string, string>>;
  /** Bytes, or chunks that are asked for as fast as the server takes them. */
  readonly body?: Uint8Array | Iterable<Buffer>;
  /** How long nothing may pass on the connection, in ms; without it the signal is the only end. */
  readonly idleMs?: number;
  /** How much of the answer is read, in bytes; a megabyte by default. */
  readonly longest?: number;
}

/** What a server answered. */
export interface Answer {
  readonly status: number;
  readonly headers: IncomingHttpHeaders;
  /** The beginning of its words. */
  readonly body: string;
  /** Whether that is all of them. */
  readonly isWhole: boolean;
}

/** More of an answer is not read: ours are numbers and sentences, and a stranger's may have no end. In bytes. */
const longestAnswer = 1024 * 1024;

/**
 * Sends one request and reads the answer. A redirect is not followed: it would turn a POST into a GET, and carry the
 * login to another server.
 *
 * By node:http: `fetch` takes no certificates, and of a body in chunks it holds in memory what the server has not yet
 * taken.
 *
 * @throws the signal's reason when it aborts, a CertificateError, else what broke the connection
 */
export async function exchange(endpoint: Endpoint, asked: Asked, signal: AbortSignal): Promise<Answer> {
  const { method, body, idleMs } = asked;
  const open = endpoint.url.startsWith("https:") ? https.request : http.request;
  const request = open(endpoint.url, {
    method,
    headers: { ...endpoint.headers, ...asked.headers },
    agent: endpoint.agent,
    signal,
    ...(idleMs === undefined ? {} : { timeout: idleMs }),
  });
  request.on("timeout", () => request.destroy(new DOMException("no data gets through", "TimeoutError")));
  const responding = new Promise<IncomingMessage>((resolve, reject) => {
    request.once("response", resolve).on("error", reject);
  });
  let response: IncomingMessage | undefined;
  try {
    const sending = body === undefined || body instanceof Uint8Array ? undefined : pipeline(body, request);
    // A refusal may come in the middle, and then says more than the connection that breaks with it.
    sending?.catch(() => {});
    if (body === undefined || body instanceof Uint8Array) request.end(body);
    response = await responding;
    const { statusCode: status = 0, headers } = response;
    const words = await beginningOf(response, asked.longest ?? longestAnswer);
    if (status >= 200 && status <= 299) await sending;
    return { status, headers, ...words };
  } catch (error) {
    throw signal.aborted ? signal.reason : (certificateError(error) ?? error);
  } finally {
    // What was read to its end goes back to the agent; all else is over.
    if (!request.writableFinished || response?.complete !== true) request.destroy();
  }
}

async function beginningOf(
  response: IncomingMessage,
  longest: number,
): Promise<Pick<Answer, "body" | "isWhole">> {
  const chunks: Buffer[] = [];
  let length = 0;
  for await (const chunk of response as AsyncIterable<Buffer>) {
    chunks.push(chunk);
    length += chunk.length;
    if (length > longest) break;
  }
  return { body: Buffer.concat(chunks).toString("utf8", 0, longest), isWhole: length <= longest };
}
