/** A server that refuses what it was sent, or cannot be reached; the message is for the operator. */
export class SinkError extends Error {
  override readonly name = "SinkError";
}

/** Where a sink sends to. */
export interface Endpoint {
  /** Without user and password: it may be shown. */
  readonly url: string;
  /** Who we are, and the credentials that the address held. */
  readonly headers: Readonly<Record<string, string>>;
}

/**
 * Reads an address, with or without `user:password@`: `fetch` takes credentials in a header only, and no message
 * shall show them.
 *
 * @param version of this program, for the header User-Agent
 * @throws SinkError when it is no http or https address
 */
export function endpointOf(address: string, version: string): Endpoint {
  const url = URL.parse(address);
  if (url === null || !/^https?:$/.test(url.protocol)) {
    throw new SinkError("the address to send to must begin with http:// or https://");
  }
  const credentials = `${decodeURIComponent(url.username)}:${decodeURIComponent(url.password)}`;
  const authorization = `Basic ${Buffer.from(credentials).toString("base64")}`;
  url.username = "";
  url.password = "";
  const agent = { "user-agent": `dlr-exporter/${version}` };
  return { url: url.href, headers: credentials === ":" ? agent : { ...agent, authorization } };
}

/** What a server said, fit for the end of a sentence: its status and the beginning of its words, on one line. */
export function wordsOf(status: number, body: string): string {
  const words = body.replace(/\s+/g, " ").trim().slice(0, 300);
  return words === "" ? `it answered ${status}` : `it answered ${status}: ${words}`;
}

/** Why a request got no answer: `fetch` itself says no more than that it failed. */
export function reasonOf(error: unknown): string {
  if (!(error instanceof Error)) return String(error);
  if (error.name === "TimeoutError") return "it did not answer in time";
  if (error.cause !== undefined) return reasonOf(error.cause);
  return error.message || ("code" in error ? String(error.code) : error.name);
}
