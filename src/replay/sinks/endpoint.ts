import type { Agent } from "node:http";
import type { TargetSettings } from "../../config/schema.ts";
import { isLogin } from "../../config/target-schema.ts";
import { http, https } from "../../node-http.ts";
import type { Answer } from "./exchange.ts";

/** A server rejects what it was sent, or can't be reached; the message is for the operator. */
export class SinkError extends Error {
  override readonly name = "SinkError";
}

/** An unusable address; the message says why and does not show it. */
export class AddressError extends Error {
  override readonly name = "AddressError";
}

/** Where a sink sends to. */
export interface Endpoint {
  /** Without user and password. */
  readonly url: string;
  /** The address as it may be shown: its query may contain a login too. */
  readonly shown: string;
  /** User-Agent, login and other headers. */
  readonly headers: Readonly<Record<string, string>>;
  /** Keeps the connection alive between requests, and has the certificates. */
  readonly agent: Agent;
  /** Texts that no message shows, even if the server returns them. */
  readonly secrets: readonly string[];
}

/** Without headers, logins and certificates of our own. */
const anybody: TargetSettings = {
  headers: {},
  tls: { ca: undefined, cert: undefined, key: undefined },
};

/** Hiding a shorter secret would hide parts of ordinary words. */
const shortestSecret = 4;

/**
 * Parses an address, with or without `user:password@`: credentials go into a header, and are never shown.
 *
 * @param version of this program, for the header User-Agent
 * @throws AddressError when it is not an http or https address, its user or password is not percent-encoded, or there
 *   are two logins
 */
export function endpointOf(address: string, version: string, { headers, tls } = anybody): Endpoint {
  const url = URL.parse(address);
  if (url === null || !/^https?:$/.test(url.protocol)) {
    throw new AddressError("must be an address that begins with http:// or https://");
  }
  const login = loginOf(url);
  if (login !== undefined && headers.authorization !== undefined) {
    throw new AddressError("has a login in it, and another one is configured: keep only one");
  }
  url.username = "";
  url.password = "";
  const authorization = login === undefined ? {} : { authorization: basic(login) };
  return {
    url: url.href,
    shown: `${url.origin}${url.pathname}${url.search === "" ? "" : "?(hidden)"}`,
    headers: { "user-agent": `dlr-exporter/${version}`, ...headers, ...authorization },
    agent:
      url.protocol === "https:"
        ? new https.Agent({ keepAlive: true, ...tls })
        : new http.Agent({ keepAlive: true }),
    secrets: [
      ...Object.entries({ ...headers, ...authorization }).flatMap(([name, value]) =>
        isLogin(name) ? secretsIn(value) : [],
      ),
      ...url.searchParams.values(),
    ].filter((secret) => secret.length >= shortestSecret),
  };
}

/** The same server at a path below the endpoint's own. @param query in addition to the address' own */
export function below(endpoint: Endpoint, path: string, query = new URLSearchParams()): Endpoint {
  const url = new URL(endpoint.url);
  url.pathname = `${url.pathname.replace(/\/$/, "")}/${path}`;
  for (const [name, value] of query) url.searchParams.append(name, value);
  return { ...endpoint, url: url.href };
}

/** The user and password in an address, joined by a colon; undefined without. */
function loginOf({ username, password }: URL): string | undefined {
  if (username === "" && password === "") return undefined;
  try {
    return `${decodeURIComponent(username)}:${decodeURIComponent(password)}`;
  } catch {
    throw new AddressError("has an invalid % escape in its user or password: write % as %25");
  }
}

function basic(login: string): string {
  return `Basic ${Buffer.from(login).toString("base64")}`;
}

/** The secret parts of a header's value: its words, and the password of a basic login. */
function secretsIn(value: string): string[] {
  const [, encoded] = /^Basic (\S+)$/.exec(value) ?? [];
  const login = encoded === undefined ? "" : Buffer.from(encoded, "base64").toString();
  return [...value.split(/\s+/), login.slice(login.indexOf(":") + 1)].filter(
    (word) => !/^(?:basic|bearer)$/i.test(word),
  );
}

/** Whether a response is a page for people, such as a login page: whatever its status, nothing was accepted. */
export function isPage({ headers, body }: Answer): boolean {
  return /html/i.test(headers["content-type"] ?? "") || /^\s*<(?:!doctype|html)/i.test(body);
}

/** A server's response for the end of a sentence: its status and the start of its text, on one line. */
export function wordsOf(answer: Answer, { secrets }: Endpoint): string {
  const { status, body } = answer;
  const said = secrets.reduce((text, secret) => text.replaceAll(secret, "(hidden)"), body);
  const words = said.replace(/\s+/g, " ").trim().slice(0, 300);
  const page = status < 300 && isPage(answer) ? " with a web page, perhaps a login page" : "";
  return words === "" ? `it answered ${status}${page}` : `it answered ${status}${page}: ${words}`;
}

/** Whether a request ended by timeout. */
export function isTimeout(error: unknown): boolean {
  return error instanceof DOMException && error.code === DOMException.TIMEOUT_ERR;
}

/** Why a request got no response. */
export function whyUnanswered(error: unknown): string {
  if (!(error instanceof Error)) return String(error);
  if (isTimeout(error)) return "it did not answer in time";
  // Several addresses were tried, each with an error of its own.
  const [first] = error instanceof AggregateError ? error.errors : [error.cause];
  if (first !== undefined) return whyUnanswered(first);
  return error.message || ("code" in error ? String(error.code) : error.name);
}
