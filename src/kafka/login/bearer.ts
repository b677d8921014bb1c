import type { Logger } from "pino";
import { KafkaFailure, toFailure } from "../failure.ts";
import { type BearerLogin, isBearer, type Login, newToken } from "./login.ts";
import { loadSigner } from "./msk-iam.ts";
import { TokenSource } from "./token-source.ts";

/** One for each login, so that all connections share its tokens. */
const sources = new WeakMap<BearerLogin, TokenSource>();

function tokensOf(login: BearerLogin, log: Logger): TokenSource {
  const source = sources.get(login) ?? new TokenSource(() => newToken(login), log);
  sources.set(login, source);
  return source;
}

/**
 * Loads what a login needs, so that a missing package is reported first.
 *
 * @throws KafkaFailure that says what to install
 */
export function prepareLogin(login: Login | undefined): void {
  if (login?.mechanism === "aws_msk_iam") loadSigner();
}

/**
 * Waits for a token, so that no connection is opened only to wait for one.
 *
 * @throws KafkaFailure when no token can be had
 */
export async function untilToken(login: Login | undefined, log: Logger): Promise<void> {
  if (login !== undefined && isBearer(login)) await tokensOf(login, log).get();
}

/** A login as kafkajs options; each connection needs its own. */
export function saslOptions(login: Login, log: Logger): object {
  if (!isBearer(login)) return { ...login };
  return {
    mechanism: "oauthbearer",
    authenticationProvider: ({ saslAuthenticate }: { readonly saslAuthenticate: SaslAuthenticate }) => ({
      authenticate: async () => exchange(await tokensOf(login, log).get(), saslAuthenticate),
    }),
  };
}

/**
 * Sends a token to a broker (RFC 7628, 3). A broker that refuses it answers with a reason, and fails the login once
 * that is acknowledged. The provider in kafkajs 2.2.4 reads no answer, and takes that for success.
 */
async function exchange(token: string, say: SaslAuthenticate): Promise<void> {
  try {
    const reason = await say(message(`n,,\u0001auth=Bearer ${token}\u0001\u0001`));
    if (reason === "") return;
    await say(message("\u0001"));
    throw new KafkaFailure("login_refused", `the broker rejects the token: ${statusIn(reason)}`);
  } catch (error) {
    const { code, message: why } = toFailure(error);
    // The broker's message may repeat the token's claims, but never the token.
    const refused = code === "other" || code === "login_refused";
    throw new KafkaFailure(refused ? "login_refused" : code, refused ? `OAUTHBEARER: ${why}` : why);
  }
}

/** The status of a refusal, such as `invalid_token`. */
function statusIn(reason: string): string {
  return /"status"\s*:\s*"([\w-]{1,60})"/.exec(reason)?.[1] ?? "no reason given";
}

function message(text: string): Parameters<SaslAuthenticate>[0] {
  return {
    // In kafkajs' encoding: length first.
    request: { encode: async () => sized(Buffer.from(text)) },
    response: { decode: async (bytes) => bytes.subarray(4).toString(), parse: async (decoded) => decoded },
  };
}

function sized(bytes: Buffer): Buffer {
  const head = Buffer.alloc(4);
  head.writeInt32BE(bytes.length);
  return Buffer.concat([head, bytes]);
}

/** The function that kafkajs gives to a provider: sends login bytes, and returns the answer as read by `response`. */
type SaslAuthenticate = (step: {
  readonly request: { encode(): Promise<Buffer> };
  readonly response: {
    decode(bytes: Buffer): Promise<string>;
    parse(decoded: string): Promise<string>;
  };
}) => Promise<string>;
