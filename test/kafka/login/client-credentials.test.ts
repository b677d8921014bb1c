import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, describe, expect, it } from "vitest";
import { requestToken } from "../../../src/kafka/login/client-credentials.ts";
import type { ClientCredentials } from "../../../src/kafka/login/login.ts";
import { createSecurity } from "../../lab/broker-security.ts";
import { startTokenEndpoint, type TokenAnswer } from "../../lab/token-endpoint.ts";

const client = { clientId: "exporter", secret: "hunter2%21" };
const ends: (() => Promise<unknown>)[] = [];

afterEach(async () => {
  for (const end of ends.splice(0)) await end();
});

async function endpoint(seconds = 60, tls?: { cert: string; key: string }) {
  // The secret as it is on its way: RFC 6749 has it form-encoded.
  const started = await startTokenEndpoint({ ...client, secret: "hunter2%21" }, seconds, tls);
  ends.push(() => started.close());
  return started;
}

function login(tokenEndpoint: string, more: Partial<ClientCredentials> = {}): ClientCredentials {
  const { clientId } = client;
  const [clientSecret, scope, ca] = ["hunter2!", undefined, undefined];
  return { mechanism: "oauthbearer", tokenEndpoint, clientId, clientSecret, scope, ca, ...more };
}

/** Why no token was given, without the endpoint's address. */
async function refusal(asked: ClientCredentials, timeoutMs?: number) {
  const error = await requestToken(asked, timeoutMs).then(
    () => undefined,
    (error: Error & { code: string }) => error,
  );
  expect(error?.message).not.toContain("hunter2");
  return `${error?.code}: ${error?.message.replace(/https?:\/\/127\.0\.0\.1:\d+/, "")}`;
}

describe("requestToken", () => {
  it("gives the endpoint's token and how long it is good, for the scope that is asked for", async () => {
    const { url, granted, tokens } = await endpoint(90);
    const token = await requestToken(login(url, { scope: "kafka read" }));
    expect(token).toEqual({ value: tokens[0], lifetimeMs: 90_000 });
    expect(granted.map(String)).toEqual(["grant_type=client_credentials&scope=kafka+read"]);
  });

  it("takes the time from the token where the answer does not say it", async () => {
    const { url, answer } = await endpoint(90);
    answer((token) => ({ body: JSON.stringify({ access_token: token }) }));
    const { lifetimeMs } = await requestToken(login(url));
    expect(lifetimeMs).toBeGreaterThan(0);
    expect(lifetimeMs).toBeLessThanOrEqual(90_000);
  });

  it("trusts the CA certificates that it is given, over TLS, and no others", async () => {
    const folder = await mkdtemp(join(tmpdir(), "dlr-exporter-token-"));
    ends.push(() => rm(folder, { recursive: true, force: true }));
    const { certificate, privateKey } = await createSecurity(folder, "127.0.0.1");
    const { url, tokens } = await endpoint(60, { cert: certificate, key: privateKey });
    expect(await requestToken(login(url, { ca: certificate }))).toMatchObject({ value: tokens[0] });
    expect(await refusal(login(url))).toMatch(
      /^unreachable: the token endpoint \/oauth2\/token can't be reached: self-signed certificate/,
    );
  });

  it("says that the client is refused, and not in the endpoint's words, which may repeat the secret", async () => {
    const { url } = await endpoint();
    expect(await refusal(login(url, { clientSecret: "hunter2" }))).toBe(
      "login_refused: the token endpoint /oauth2/token refuses the client exporter: invalid_client",
    );
  });

  it("says that nobody listens, and that nothing is answered", async () => {
    const { url, answer, close } = await endpoint();
    answer(() => new Promise(() => {}));
    expect(await refusal(login(`${url}?key=hunter2`), 50)).toBe(
      "unreachable: the token endpoint /oauth2/token has not answered for 0.05 s",
    );
    await close();
    ends.length = 0;
    expect(await refusal(login(url))).toMatch(
      /^unreachable: the token endpoint \/oauth2\/token can't be reached: connect ECONNREFUSED/,
    );
  });

  it.each<[string, TokenAnswer, string]>([
    ["no JSON", { body: "<html>hunter2" }, "the answer is not a JSON object"],
    ["a list", { body: "[]" }, "the answer is not a JSON object"],
    ["no token", { body: '{"token_type":"Bearer"}' }, "the answer has no access_token"],
    ["a token that is no text", { body: '{"access_token":7}' }, "the answer has no access_token"],
    [
      "a token with a control character",
      { body: JSON.stringify({ access_token: "a\u0001b", expires_in: 60 }) },
      "access_token has characters that are not allowed in a token",
    ],
    [
      "a token of another type",
      { body: '{"access_token":"a","token_type":"mac","expires_in":60}' },
      "token_type is not Bearer",
    ],
    [
      "no time",
      { body: '{"access_token":"hunter2"}' },
      "neither expires_in nor the token says when it expires",
    ],
    [
      "a time of 0",
      { body: '{"access_token":"a","expires_in":0}' },
      "expires_in is not a positive number of seconds",
    ],
    [
      "a time that is none",
      { body: '{"access_token":"a","expires_in":"soon"}' },
      "expires_in is not a positive number of seconds",
    ],
    ["a failure", { status: 503, body: "hunter2" }, "HTTP 503"],
    ["a redirect", { status: 302, headers: { location: "/" }, body: "" }, "HTTP 302"],
  ])("says what is wrong with an answer: %s", async (_, wrong, why) => {
    const { url, answer } = await endpoint();
    answer(() => wrong);
    expect(await refusal(login(url))).toBe(`unreachable: no token from the endpoint /oauth2/token: ${why}`);
  });
});
