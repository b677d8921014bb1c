import type { IncomingHttpHeaders, IncomingMessage } from "node:http";
import { pipeline } from "node:stream/promises";
import { http, https } from "../../node-http.ts";
import { certificateError } from "./certificates.ts";
import type { Endpoint } from "./endpoint.ts";

/** A request to an {@link Endpoint}, at the endpoint's own path. */
export interface Asked {
  readonly method: "GET" | "POST";
  /** In addition to those of the endpoint. */
  readonly headers?: Readonly<Record<string, string>>;
  /** Bytes, or chunks that are produced as fast as the server reads them. */
  readonly body?: Uint8Array | Iterable<Buffer>;
  /** How long the connection may be idle, in ms; without it only the signal ends the request. */
  readonly idleMs?: number;
  /** How much of the response is read, in bytes; a megabyte by default. */
  readonly longest?: number;
}

/** A server's response. */
export interface Answer {
  readonly status: number;
  readonly headers: IncomingHttpHeaders;
  /** The start of its text. */
  readonly body: string;
  /** Whether that is all of it. */
  readonly isWhole: boolean;
}

/** Longest part of a response to read, in bytes: ours are numbers and sentences, and others may be endless. */
const longestAnswer = 1024 * 1024;

/**
 * Sends one request and reads the response. Redirects are not followed: they would turn a POST into a GET, and send
 * the login to another server.
 *
 * Uses node:http: `fetch` takes no certificates, and buffers a chunked body until the server has read it.
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
    // A rejection may come early, and tells more than the connection that breaks with it.
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
    // Only a complete exchange returns the connection to the agent.
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
