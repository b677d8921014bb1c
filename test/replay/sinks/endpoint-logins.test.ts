import { mkdir, mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { loadSettings } from "../../../src/config/load.ts";
import { endpointOf } from "../../../src/replay/sinks/endpoint.ts";
import { remoteWrite, tryRemoteWrite } from "../../../src/replay/sinks/remote-write.ts";
import { tryVictoria } from "../../../src/replay/sinks/victoria.ts";
import { type BrokerSecurity, createSecurity } from "../../lab/broker-security.ts";
import { countsOf, labelsOf } from "./history.ts";
import { receivers, wanting } from "./receivers.ts";
import { listen } from "./server.ts";
import { TestClock } from "./test-clock.ts";

const from = Date.UTC(2026, 9, 1);
const counts = countsOf({ from, to: from + 600_000 }, [{ labels: labelsOf("A"), times: [from] }]);
const secret = "hunter2-hunter2";
const advice = "it requires a login or a tenant: see --username, --bearer-token-file and --header";

let folder = "";
let security: BrokerSecurity;
let mine: BrokerSecurity;
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), "dlr-logins-"));
  security = await createSecurity(folder, "127.0.0.1");
  const own = join(folder, "own");
  await mkdir(own);
  mine = await createSecurity(own, "127.0.0.1");
});
afterAll(() => rm(folder, { recursive: true, force: true }));

/** How a target is reached that flags and variables speak of. */
function targetOf(flags: Record<string, string | string[]>, env: Record<string, string> = {}) {
  const loaded = loadSettings({ flags, env });
  if ("problems" in loaded) throw new Error(JSON.stringify(loaded.problems));
  return loaded.settings.target;
}

async function file(name: string, text: string): Promise<string> {
  const path = join(folder, name);
  await writeFile(path, text, { mode: 0o600 });
  return path;
}

function send(url: string, target: ReturnType<typeof targetOf>) {
  return remoteWrite(counts, {
    endpoint: endpointOf(url, "1.2.3", target),
    ...{ as: "counter", job: "dlr-replay", instance: "r1", now: from + 86_400_000 },
    ...{ timeoutMs: 1_000, signal: new AbortController().signal, clock: new TestClock() },
  });
}

function attempt(url: string, target: ReturnType<typeof targetOf>) {
  const endpoint = endpointOf(url, "1.2.3", target);
  const signal = new AbortController().signal;
  return tryRemoteWrite({ endpoint, timeoutMs: 1_000, signal, clock: new TestClock() });
}

describe("a receiver with tenants", () => {
  it("takes what is sent for one of them", async () => {
    const { url, held } = await receivers();
    const { samples } = await send(`${url}/api/v1/push`, targetOf({ header: ["X-Scope-OrgID: sms"] }));
    expect(samples).toBeGreaterThan(1);
    expect([...held]).toEqual([["/api/v1/push sms", samples]]);
  });

  it("refuses what is for none, and the flag that is missing is told", async () => {
    const { url } = await receivers();
    await expect(attempt(`${url}/api/v1/push`, targetOf({}))).rejects.toThrow(
      `remote write to ${url}/api/v1/push: ${advice}; it answered 401: no org id`,
    );
  });

  it("says in its own words that samples are too old", async () => {
    const { url } = await receivers({ oldest: from + 1 });
    const target = targetOf({ header: ["X-Scope-OrgID: sms"] });
    await expect(send(`${url}/api/v1/push`, target)).rejects.toThrow(
      /the receiver does not accept samples this old: the oldest is 1 day old; raise its out_of_order_time_window .*err-mimir-sample-timestamp-too-old/,
    );
  });

  it("is quoted with the tenant that it names", async () => {
    const { url } = await receivers({ oldest: from + 1 });
    const target = targetOf({ header: ["X-Scope-OrgID: department"] });
    await expect(send(`${url}/api/v1/push`, target)).rejects.toThrow(/ user=department: /);
  });

  it("has its own words for other values at the same time", async () => {
    const words = "the sample has been rejected (err-mimir-sample-duplicate-timestamp)";
    const { url } = await listen(() => ({ status: 400, body: words }));
    await expect(send(url, targetOf({}))).rejects.toThrow(/use another --instance; it answered 400/);
  });
});

describe("a login", () => {
  const rows = [
    {
      name: "basic, its password in the environment",
      target: async () => targetOf({ username: "me" }, { DLR_TARGET_PASSWORD: secret }),
      door: wanting("authorization", `Basic ${btoa(`me:${secret}`)}`),
    },
    {
      name: "basic, its password in a file",
      target: async () => targetOf({ username: "me", "password-file": await file("p", `${secret}\n`) }),
      door: wanting("authorization", `Basic ${btoa(`me:${secret}`)}`),
    },
    {
      name: "a bearer token in a file",
      target: async () => targetOf({ "bearer-token-file": await file("t", `${secret}\n`) }),
      door: wanting("authorization", `Bearer ${secret}`),
    },
    {
      name: "a header in a file",
      target: async () => targetOf({ "header-file": await file("h", `X-Api-Key: ${secret}\n`) }),
      door: wanting("x-api-key", secret),
    },
  ];
  it.each(rows)("$name, opens the door", async ({ target, door }) => {
    const { url, held } = await receivers({ door });
    await send(`${url}/api/v1/receive`, await target());
    expect(held.size).toBe(1);
  });

  it.each(rows)("$name, is not shown when the server says what it was", async ({ target }) => {
    const { url } = await receivers({
      door: (_, headers) => ({ status: 403, body: `not ${JSON.stringify(headers)}` }),
    });
    const sent = `${url}/api/v1/receive`;
    const endpoint = endpointOf(url, "1", await target());
    const signal = new AbortController().signal;
    const attempts = [
      async () => attempt(sent, await target()),
      () => tryVictoria({ endpoint, timeoutMs: 1_000, signal }),
    ];
    for (const tried of attempts) {
      const { message } = await tried().then(
        () => new Error("taken"),
        (error: Error) => error,
      );
      expect(message).toContain("(hidden)");
      for (const hidden of [secret, btoa(`me:${secret}`)]) expect(message).not.toContain(hidden);
    }
  });
});

describe("over TLS", () => {
  const served = () => ({ cert: security.certificate, key: security.privateKey });
  const path = "/api/v1/receive";

  it("a server is trusted whose authority is named", async () => {
    const { url, held } = await receivers({ tls: served() });
    await send(`${url}${path}`, targetOf({ "ca-file": security.caFile }));
    expect(held.size).toBe(1);
  });

  it("one that nobody vouches for is refused at once, and the flag is told", async () => {
    const { url } = await receivers({ tls: served() });
    await expect(attempt(`${url}${path}`, targetOf({}))).rejects.toThrow(
      /: refused; its certificate is not signed by a trusted CA: name the CA with --ca-file$/,
    );
  });

  it("a server that asks for a certificate gets it", async () => {
    const tls = { ...served(), requestCert: true, rejectUnauthorized: true, ca: mine.certificate };
    const { url, held } = await receivers({ tls });
    const certificates = {
      "ca-file": security.caFile,
      "cert-file": mine.caFile,
      "key-file": await file("mine.key", mine.privateKey),
    };
    await send(`${url}${path}`, targetOf(certificates));
    expect(held.size).toBe(1);
    await expect(attempt(`${url}${path}`, targetOf({ "ca-file": security.caFile }))).rejects.toThrow(
      /: refused; it rejects the client certificate: see --cert-file and --key-file$/,
    );
  });

  it("a server that does not talk TLS is told so", async () => {
    const { url } = await receivers();
    await expect(attempt(`${url.replace("http:", "https:")}${path}`, targetOf({}))).rejects.toThrow(
      /: refused; it does not use TLS: should its address begin with http:\/\/\?$/,
    );
  });
});
