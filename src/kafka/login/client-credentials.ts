import type { IncomingMessage } from "node:http";
import { http, https } from "../../node-http.ts";
import { KafkaFailure } from "../failure.ts";
import type { ClientCredentials } from "./login.ts";
import type { Token } from "./token-source.ts";

/** Timeout of a request to the endpoint, in ms: a connection waits for it. */
const longestMs = 5_000;

/** Largest answer, in bytes: ten times a token with hundreds of roles. */
const longestAnswer = 256 * 1024;

/** The characters of a token (RFC 6750, 2.1); brokers accept no others. */
const tokenForm = /^[\w.~+/-]+=*$/;

/** An error code (RFC 6749, 5.2). The endpoint's other texts are not shown: they may repeat what was sent. */
const errorForm = /^[a-z_]{1,60}$/;

/**
 * Requests a token from an endpoint (RFC 6749, 4.4). Redirects are not followed: they would send the secret
 * elsewhere.
 *
 * @throws KafkaFailure `login_refused` when the endpoint refuses this client, `unreachable` when there is no token
 *   for another reason
 */
export async function requestToken(login: ClientCredentials, timeoutMs = longestMs): Promise<Token> {
  const endpoint = shownAddress(login.tokenEndpoint);
  const signal = AbortSignal.timeout(timeoutMs);
  let answer: Answer;
  try {
    answer = await post(login, signal);
  } catch (error) {
    const why = signal.aborted
      ? `has not answered for ${timeoutMs / 1000} s`
      : `can't be reached: ${reasonOf(error)}`;
    throw new KafkaFailure("unreachable", `the token endpoint ${endpoint} ${why}`);
  }
  const { status, body } = answer;
  const said = objectIn(body);
  if (status === 400 || status === 401 || status === 403) {
    const why = errorForm.test(String(said?.error)) ? `${said?.error}` : `HTTP ${status}`;
    throw new KafkaFailure(
      "login_refused",
      `the token endpoint ${endpoint} refuses the client ${login.clientId}: ${why}`,
    );
  }
  const token = status === 200 ? tokenOf(said) : `HTTP ${status}`;
  if (typeof token !== "string") return token;
  throw new KafkaFailure("unreachable", `no token from the endpoint ${endpoint}: ${token}`);
}

interface Answer {
  readonly status: number;
  readonly body: string;
}

/** By node:http, since `fetch` takes no certificates. */
async function post(login: ClientCredentials, signal: AbortSignal): Promise<Answer> {
  const { tokenEndpoint, clientId, clientSecret, scope, ca } = login;
  const form = new URLSearchParams({ grant_type: "client_credentials" });
  if (scope !== undefined) form.set("scope", scope);
  const credentials = `${formEncoded(clientId)}:${formEncoded(clientSecret)}`;
  const open = tokenEndpoint.startsWith("https:") ? https.request : http.request;
  const request = open(tokenEndpoint, {
    method: "POST",
    headers: {
      accept: "application/json",
      authorization: `Basic ${Buffer.from(credentials).toString("base64")}`,
      "content-type": "application/x-www-form-urlencoded",
    },
    signal,
    // No keep-alive: the connection would be closed long before the next request.
    agent: false,
    ...(ca === undefined ? {} : { ca }),
  });
  try {
    const responding = new Promise<IncomingMessage>((resolve, reject) => {
      request.once("response", resolve).on("error", reject);
    });
    request.end(form.toString());
    const response = await responding;
    const chunks: Buffer[] = [];
    let length = 0;
    for await (const chunk of response as AsyncIterable<Buffer>) {
      chunks.push(chunk);
      length += chunk.length;
      if (length > longestAnswer) break;
    }
    return { status: response.statusCode ?? 0, body: Buffer.concat(chunks).toString() };
  } finally {
    request.destroy();
  }
}

/** Encodes names and secrets for basic authentication (RFC 6749, 2.3.1). */
function formEncoded(value: string): string {
  return new URLSearchParams({ v: value }).toString().slice(2);
}

/** @returns the token, or a message on why there is none */
function tokenOf(said: Record<string, unknown> | undefined): Token | string {
  if (said === undefined) return "the answer is not a JSON object";
  const { access_token: value, token_type: type, expires_in: expires } = said;
  if (typeof value !== "string" || value === "") return "the answer has no access_token";
  if (!tokenForm.test(value)) return "access_token has characters that are not allowed in a token";
  if (typeof type === "string" && type.toLowerCase() !== "bearer") return "token_type is not Bearer";
  const lifetimeMs = expires === undefined ? ownLifetimeMs(value) : Number(expires) * 1000;
  if (lifetimeMs === undefined) return "neither expires_in nor the token says when it expires";
  if (!(lifetimeMs > 0 && Number.isFinite(lifetimeMs)))
    return "expires_in is not a positive number of seconds";
  return { value, lifetimeMs };
}

/** The lifetime of a JSON Web Token by its own `exp`, in ms; undefined for other tokens. */
function ownLifetimeMs(token: string): number | undefined {
  const [, claims = ""] = token.split(".");
  const exp = objectIn(Buffer.from(claims, "base64url").toString())?.exp;
  return typeof exp === "number" ? exp * 1000 - Date.now() : undefined;
}

function objectIn(text: string): Record<string, unknown> | undefined {
  try {
    const value: unknown = JSON.parse(text);
    return typeof value === "object" && value !== null && !Array.isArray(value)
      ? (value as Record<string, unknown>)
      : undefined;
  } catch {
    return undefined;
  }
}

/** The URL without its query, which may hold a secret. */
function shownAddress(url: string): string {
  const { origin, pathname } = new URL(url);
  return `${origin}${pathname}`;
}

/** Of several attempts, over IPv4 and IPv6, the first: the aggregate error has no message. */
function reasonOf(error: unknown): string {
  const first: unknown = error instanceof AggregateError ? error.errors[0] : error;
  return first instanceof Error ? first.message : String(first);
}
