import { pino } from "pino";
import { afterEach, describe, expect, it } from "vitest";
import { saslOptions, untilToken } from "../../../src/kafka/login/bearer.ts";
import type { ClientCredentials } from "../../../src/kafka/login/login.ts";
import { startTokenEndpoint, type TokenEndpoint } from "../../lab/token-endpoint.ts";

const log = pino({ level: "silent" });
const client = { clientId: "exporter", secret: "hunter2" };
let endpoint: TokenEndpoint | undefined;

afterEach(() => endpoint?.close());

async function login(): Promise<ClientCredentials> {
  endpoint = await startTokenEndpoint(client, 60);
  return {
    mechanism: "oauthbearer",
    tokenEndpoint: endpoint.url,
    clientId: client.clientId,
    clientSecret: client.secret,
    scope: undefined,
    ca: undefined,
  };
}

interface Step {
  readonly request: { encode(): Promise<Buffer> };
  readonly response: { decode(bytes: Buffer): Promise<string>; parse(decoded: string): Promise<string> };
}

/**
 * Logs in at a broker.
 *
 * @param answers what it says to each message; an error is a refusal
 * @returns what was said to it
 */
async function say(by: ClientCredentials, answers: readonly (string | Error)[]): Promise<string[]> {
  const said: string[] = [];
  const options = saslOptions(by, log) as {
    authenticationProvider(tools: { saslAuthenticate(step: Step): Promise<string> }): {
      authenticate(): Promise<void>;
    };
  };
  const saslAuthenticate = async ({ request, response }: Step) => {
    const bytes = await request.encode();
    expect(bytes.readInt32BE()).toBe(bytes.length - 4);
    const answer = answers[said.length] ?? "";
    said.push(bytes.toString("utf8", 4));
    if (answer instanceof Error) throw answer;
    return response.parse(await response.decode(Buffer.from(`len.${answer}`)));
  };
  await options.authenticationProvider({ saslAuthenticate }).authenticate();
  return said;
}

describe("a login by a token", () => {
  it("says the token as RFC 7628 has it, the same one at each broker", async () => {
    const by = await login();
    await untilToken(by, log);
    const said = [...(await say(by, [""])), ...(await say(by, [""]))];
    expect(said).toEqual(Array(2).fill(`n,,\u0001auth=Bearer ${endpoint?.tokens[0]}\u0001\u0001`));
    expect(endpoint?.granted).toHaveLength(1);
  });

  it("acknowledges a refusal, and tells what the broker says then", async () => {
    const refusal = say(await login(), ['{"status":"invalid_token"}', new Error("it has expired")]);
    await expect(refusal).rejects.toMatchObject({
      code: "login_refused",
      message: "OAUTHBEARER: it has expired",
    });
  });

  it("is refused by a broker that says no more than its first word", async () => {
    await expect(say(await login(), ['{"status":"invalid_token"}', ""])).rejects.toMatchObject({
      code: "login_refused",
      message: "OAUTHBEARER: the broker rejects the token: invalid_token",
    });
  });
});

it("a login by a password is said as it is, and waits for nothing", async () => {
  const login = { mechanism: "plain", username: "u", password: "p" } as const;
  await untilToken(login, log);
  expect(saslOptions(login, log)).toEqual(login);
});
