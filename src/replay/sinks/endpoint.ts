import http from "node:http";
import https from "node:https";

/** A server that refuses what it was sent, or cannot be reached; the message is for the operator. */
export class SinkError extends Error {
  override readonly name = "SinkError";
}

/** An address that nothing can be sent to; the message says why and does not show it. */
export class AddressError extends Error {
  override readonly name = "AddressError";
}

/** Where a sink sends to. */
export interface Endpoint {
  /** Without user and password: it may be shown. */
  readonly url: string;
  /** Who we are, and the credentials that the address held. */
  readonly headers: Readonly<Record<string, string>>;
  /** Keeps the connection between two requests. */
  readonly agent: http.Agent;
}

/**
 * Reads an address, with or without `user:password@`: credentials go into a header, and no message shall show them.
 *
 * @param version of this program, for the header User-Agent
 * @throws AddressError when it is no http or https address, or its user or password is not percent-encoded
 */
export function endpointOf(address: string, version: string): Endpoint {
  const url = URL.parse(address);
  if (url === null || !/^https?:$/.test(url.protocol)) {
    throw new AddressError("is an address that begins with http:// or https://");
  }
  const login = loginOf(url);
  url.username = "";
  url.password = "";
  return {
    url: url.href,
    headers: { "user-agent": `dlr-exporter/${version}`, ...login },
    agent: new (url.protocol === "https:" ? https : http).Agent({ keepAlive: true }),
  };
}

/** The same server at a path below an endpoint's own. */
export function below(endpoint: Endpoint, path: string): Endpoint {
  return { ...endpoint, url: `${endpoint.url.replace(/\/$/, "")}/${path}` };
}

/** The header of the user and password in an address; none without. */
function loginOf({ username, password }: URL): { readonly authorization?: string } {
  if (username === "" && password === "") return {};
  try {
    const login = `${decodeURIComponent(username)}:${decodeURIComponent(password)}`;
    return { authorization: `Basic ${Buffer.from(login).toString("base64")}` };
  } catch {
    throw new AddressError("has a % in its user or password that encodes nothing: write % as %25");
  }
}

/** What a server said, fit for the end of a sentence: its status and the beginning of its words, on one line. */
export function wordsOf(status: number, body: string): string {
  const words = body.replace(/\s+/g, " ").trim().slice(0, 300);
  return words === "" ? `it answered ${status}` : `it answered ${status}: ${words}`;
}

/** Why a request got no answer. */
export function reasonOf(error: unknown): string {
  if (!(error instanceof Error)) return String(error);
  if (error.name === "TimeoutError") return "it did not answer in time";
  // Several addresses were tried, and each said why.
  const [first] = error instanceof AggregateError ? error.errors : [error.cause];
  if (first !== undefined) return reasonOf(first);
  return error.message || ("code" in error ? String(error.code) : error.name);
}
