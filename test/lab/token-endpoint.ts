import { once } from "node:events";
import http from "node:http";
import https from "node:https";
import type { AddressInfo } from "node:net";
import { text } from "node:stream/consumers";

/** What an endpoint answers a client whose secret is right. */
export interface TokenAnswer {
  readonly status?: number;
  readonly headers?: Readonly<Record<string, string>>;
  readonly body: string;
}

/** A real token endpoint: OAuth 2.0, client credentials grant. */
export interface TokenEndpoint {
  readonly url: string;
  /** The forms that were sent with the right secret, in their order. */
  readonly granted: readonly URLSearchParams[];
  /** The tokens in the answers, as far as they are its own. */
  readonly tokens: readonly string[];
  /** What it answers from now on; as at the start without. */
  answer(with_?: (token: string) => TokenAnswer | Promise<TokenAnswer>): void;
  close(): Promise<void>;
}

/**
 * Starts a token endpoint on a port of the system's choice, or on that of one before.
 *
 * @param seconds how long its tokens are good, JSON Web Tokens that nobody has signed
 * @param tls PEM texts; without them it speaks plain HTTP
 */
export async function startTokenEndpoint(
  { clientId, secret }: { readonly clientId: string; readonly secret: string },
  seconds: number,
  tls?: { readonly cert: string; readonly key: string },
  port = 0,
): Promise<TokenEndpoint> {
  const granted: URLSearchParams[] = [];
  const tokens: string[] = [];
  const usual = (token: string): TokenAnswer => ({
    body: JSON.stringify({ access_token: token, token_type: "Bearer", expires_in: seconds }),
  });
  let answerWith: (token: string) => TokenAnswer | Promise<TokenAnswer> = usual;
  const login = `Basic ${Buffer.from(`${clientId}:${secret}`).toString("base64")}`;
  const serve = async (request: http.IncomingMessage, response: http.ServerResponse) => {
    const form = new URLSearchParams(await text(request));
    if (request.headers.authorization !== login) {
      response.writeHead(401).end(JSON.stringify({ error: "invalid_client", error_description: secret }));
      return;
    }
    granted.push(form);
    const token = unsigned({ sub: clientId, n: granted.length }, seconds);
    tokens.push(token);
    const { status = 200, headers = {}, body } = await answerWith(token);
    response.writeHead(status, { "content-type": "application/json", ...headers }).end(body);
  };
  const server = tls === undefined ? http.createServer(serve) : https.createServer(tls, serve);
  server.listen(port, "127.0.0.1");
  await once(server, "listening");
  const address = server.address() as AddressInfo;
  return {
    url: `${tls === undefined ? "http" : "https"}://127.0.0.1:${address.port}/oauth2/token`,
    granted,
    tokens,
    answer: (with_ = usual) => {
      answerWith = with_;
    },
    close: async () => {
      server.close();
      server.closeAllConnections();
      await once(server, "close");
    },
  };
}

/** A JSON Web Token without a signature (RFC 7519, 6). */
function unsigned(claims: object, seconds: number): string {
  const now = Date.now() / 1000;
  const part = (value: object) => Buffer.from(JSON.stringify(value)).toString("base64url");
  return `${part({ alg: "none" })}.${part({ ...claims, iat: now, exp: now + seconds })}.`;
}
