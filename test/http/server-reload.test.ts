import { afterEach, describe, expect, it } from "vitest";
import { usualLimits } from "../../src/http/limits.ts";
import { RawClients, requestText, statusesIn } from "./raw-client.ts";
import { Servers } from "./site.ts";

const servers = new Servers();
const clients = new RawClients();
afterEach(async () => {
  clients.close();
  await servers.close();
});

/** A server, and how often its code map was read. */
async function serving(limits = usualLimits) {
  let reloads = 0;
  const { port } = await servers.listen(
    {
      reload: async () => {
        reloads++;
        return { ok: true };
      },
    },
    limits,
  );
  const answerTo = async (headers: Readonly<Record<string, string>>, method = "POST") => {
    const request = requestText(`${method} /-/reload`, { ...headers, Connection: "close" });
    return (await clients.open(port, request)).ended;
  };
  return { port, reloads: () => reloads, answerTo };
}

describe("POST /-/reload", () => {
  it.each([
    { "Sec-Fetch-Site": "cross-site" },
    { "Sec-Fetch-Site": "same-site" },
    { Origin: "http://evil.example" },
    { Origin: "null" },
    { Origin: "http://a:3000", "Sec-Fetch-Site": "same-origin" },
    // what a page sends whose name was made ours in the DNS: we have no page that asks for it
    { Origin: "http://a", "Sec-Fetch-Site": "same-origin" },
    { Origin: "http://a" },
  ])("is refused where a browser sends %j", async (headers) => {
    const { answerTo, reloads } = await serving();
    for (const method of ["POST", "PUT"]) {
      expect(await answerTo(headers, method)).toMatch(
        /^HTTP\/1\.1 403 [\s\S]*\r\n\r\nweb pages may not reload the code map\n$/,
      );
    }
    expect(reloads()).toBe(0);
    expect(servers.log).toContain('"reason":"cross_site"');
  });

  it.each([{}, { "Sec-Fetch-Site": "none" }, { "Content-Type": "application/x-www-form-urlencoded" }])(
    "is taken with %j",
    async (headers) => {
      const { answerTo, reloads } = await serving();
      expect(statusesIn(await answerTo(headers))).toEqual([200]);
      expect(reloads()).toBe(1);
    },
  );

  it("is taken so many times in a row, then refused with when to come again", async () => {
    const { port, reloads } = await serving({ ...usualLimits, reloads: 3, reloadEveryMs: 3_600_000 });
    const flood = requestText("POST /-/reload").repeat(200);
    const last = requestText("GET /-/healthy", { Connection: "close" });
    const answers = await (await clients.open(port, flood + last)).ended;
    const statuses = statusesIn(answers);
    expect(statuses.slice(0, 4)).toEqual([200, 200, 200, 429]);
    expect([...new Set(statuses.slice(3, 200))]).toEqual([429]);
    expect(statuses[200]).toBe(200);
    const again = [...answers.matchAll(/retry-after: (\d+)\r\n/g)].map(([, seconds]) => Number(seconds));
    expect(again).toHaveLength(197);
    for (const seconds of again) {
      expect(seconds).toBeGreaterThan(0);
      expect(seconds).toBeLessThanOrEqual(3_600);
    }
    expect(reloads()).toBe(3);
    expect(servers.log.match(/"reason":"reloads"/g)).toHaveLength(1);
  });

  it("is not used up by those that are refused for their origin", async () => {
    const { answerTo, reloads } = await serving({ ...usualLimits, reloads: 1, reloadEveryMs: 3_600_000 });
    for (let n = 0; n < 5; n++) await answerTo({ Origin: "http://evil.example" });
    expect(statusesIn(await answerTo({}))).toEqual([200]);
    expect(reloads()).toBe(1);
  });
});
