import { afterEach, describe, expect, it } from "vitest";
import { usualLimits } from "../../src/http/limits.ts";
import { contentSecurityPolicy, style } from "../../src/http/page/style.ts";
import { busyStatus, emptyStatus } from "./example-status.ts";
import { RawClients, requestText } from "./raw-client.ts";
import { contentType, Servers } from "./site.ts";

const servers = new Servers();
const clients = new RawClients();
afterEach(() => {
  clients.close();
  return servers.close();
});

/** A server, how often its status was taken, and how often it was scraped or seen. */
async function serving(sharedMs = 0) {
  const counts = { taken: 0, scraped: 0, seen: 0 };
  const { port } = await servers.listen(
    {
      scrape: async () => {
        counts.scraped++;
        return { text: "", contentType, seen: () => counts.seen++ };
      },
      status: () => {
        counts.taken++;
        return busyStatus;
      },
    },
    { ...usualLimits, sharedMs },
  );
  const get = (path: string, headers: Record<string, string> = {}, method = "GET") =>
    fetch(`http://127.0.0.1:${port}${path}`, { method, headers });
  return { port, get, counts };
}

it.each(["/", "/-/status"])("%s is no scrape, whoever asks for it how often", async (path) => {
  const { get, counts } = await serving();
  for (const method of ["GET", "HEAD", "GET"]) await (await get(path, {}, method)).text();
  expect(counts).toEqual({ taken: 3, scraped: 0, seen: 0 });
});

it("takes one status for all who ask for it at a time", async () => {
  const { get, counts } = await serving(60_000);
  const answers = await Promise.all(Array.from({ length: 20 }, (_, n) => get(n % 2 ? "/" : "/-/status")));
  expect(answers.map(({ status }) => status)).toEqual(answers.map(() => 200));
  expect(counts.taken).toBe(1);
});

it("gives the status as JSON, member by member", async () => {
  const { get } = await serving();
  const answer = await get("/-/status");
  expect(answer.headers.get("content-type")).toBe("application/json; charset=utf-8");
  const text = await answer.text();
  expect(JSON.parse(text)).toEqual(busyStatus);
  expect(text.endsWith("}\n")).toBe(true);
});

describe("the page", () => {
  it("lets a browser do nothing but show it", async () => {
    const { get } = await serving();
    const { headers } = await get("/");
    expect(Object.fromEntries(headers)).toMatchObject({
      "content-type": "text/html; charset=utf-8",
      "content-security-policy": contentSecurityPolicy,
      "x-content-type-options": "nosniff",
      "x-frame-options": "DENY",
      "referrer-policy": "no-referrer",
      "cross-origin-resource-policy": "same-origin",
      "cache-control": "no-store",
      vary: "Accept-Language",
    });
    expect(contentSecurityPolicy).toMatch(
      /^default-src 'none'; style-src 'sha256-[\w+/]{43}='; frame-ancestors 'none'; base-uri 'none'; form-action 'none'$/,
    );
    expect(style).not.toMatch(/url\(|@import|<\//);
  });

  it.each([
    ["/", { "accept-language": "en" }, "en"],
    ["/", { "accept-language": "zh-CN,zh;q=0.9,en;q=0.8" }, "zh-CN"],
    ["/?lang=zh", { "accept-language": "en" }, "zh-CN"],
    ["/?lang=en&lang=zh", { "accept-language": "zh" }, "en"],
    ["/?x=?&lang=zh", {}, "zh-CN"],
    ["/?lang=%3Cscript%3E", { "accept-language": "*" }, "en"],
    ["/?lang=%zz", { "accept-language": "*" }, "en"],
  ])("%s with %j is in %s", async (path, headers, tag) => {
    const { get } = await serving();
    expect(await (await get(path, headers)).text()).toContain(`<html lang="${tag}">`);
  });

  it("names the address that the client knows, and none that is no address", async () => {
    const { port } = await serving();
    const shown = async (host: string) => {
      const request = requestText("GET /", { Host: host, Connection: "close" });
      const { ended } = await clients.open(port, request);
      return /--exporter ([^<]*)</.exec(await ended)?.[1];
    };
    expect(await shown("exporter.example:9464")).toBe("http://exporter.example:9464");
    expect(await shown("[::1]:9464")).toBe("http://[::1]:9464");
    for (const host of ["a;rm -rf /", "$(id)", "<b>", "`id`"])
      expect(await shown(host)).toBe("http://localhost:9464");
  });
});

it("says of nothing what it does not know: null, not 0", async () => {
  const { port } = await servers.listen();
  const status = await (await fetch(`http://127.0.0.1:${port}/-/status`)).json();
  expect(status).toEqual(emptyStatus);
  expect(status).toMatchObject({ newest_event: null, topics: [{ partitions: null, lag: null }] });
});
