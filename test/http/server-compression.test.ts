import { createHash } from "node:crypto";
import { gunzipSync } from "node:zlib";
import { afterEach, expect, it } from "vitest";
import { usualLimits } from "../../src/http/limits.ts";
import { RawClients, requestText } from "./raw-client.ts";
import { contentType, Servers } from "./site.ts";

const servers = new Servers();
const clients = new RawClients();
afterEach(async () => {
  clients.close();
  await servers.close();
});

/** Lines that compress as metrics do. */
const large = Array.from({ length: 5_000 }, (_, n) => `dlr_receipts_total{code="号${n}"} ${n}\n`).join("");

async function pageOf(text: string, headers: Readonly<Record<string, string>>, method = "GET") {
  const { port } = await servers.listen({ scrape: async () => ({ text, contentType, seen: () => {} }) });
  const request = requestText(`${method} /metrics`, { ...headers, Connection: "close" });
  const answer = await (await clients.open(port, request)).ended;
  const end = answer.indexOf("\r\n\r\n");
  const body = Buffer.from(answer.slice(end + 4), "latin1");
  return { head: answer.slice(0, end + 2), body };
}

it("sends a large page gzipped to those who ask for it, with the length of what is sent", async () => {
  const { head, body } = await pageOf(large, { "Accept-Encoding": "gzip" });
  expect(head).toContain("content-encoding: gzip\r\n");
  expect(head).toContain(`content-length: ${body.length}\r\n`);
  expect(head).toContain("vary: Accept-Encoding\r\n");
  expect(head).toContain(`content-type: ${contentType}\r\n`);
  expect(gunzipSync(body).toString()).toBe(large);
  expect(body.length).toBeLessThan(large.length / 4);
});

it.each([{}, { "Accept-Encoding": "gzip;q=0" }, { "Accept-Encoding": "br" }])(
  "sends it as it is with %j",
  async (headers) => {
    const { head, body } = await pageOf(large, headers);
    expect(head).not.toContain("content-encoding");
    expect(head).toContain("vary: Accept-Encoding\r\n");
    expect(head).toContain(`content-length: ${Buffer.byteLength(large)}\r\n`);
    expect(body.toString()).toBe(large);
  },
);

it("compresses what takes more than a packet", async () => {
  const headers = { "Accept-Encoding": "gzip" };
  const { gzipFromBytes } = usualLimits;
  const least = await pageOf("#".repeat(gzipFromBytes), headers);
  expect(least.head).toContain("content-encoding: gzip\r\n");
  const small = await pageOf("#".repeat(gzipFromBytes - 1), headers);
  expect(small.head).not.toContain("content-encoding");
  expect(small.body).toHaveLength(gzipFromBytes - 1);
});

it("tells HEAD of the same length", async () => {
  const headers = { "Accept-Encoding": "gzip" };
  const [got, told] = [await pageOf(large, headers), await pageOf(large, headers, "HEAD")];
  expect(told.body).toHaveLength(0);
  const withoutDate = (head: string) => head.replace(/^date: .*\r\n/im, "");
  expect(withoutDate(told.head)).toBe(withoutDate(got.head));
});

it("answers others while it compresses", async () => {
  // as little as it can be compressed, so that it takes a while
  const hash = (n: number) => createHash("sha512").update(`${n}`).digest("base64");
  const text = Array.from({ length: 200_000 }, (_, n) => hash(n)).join("\n");
  const asked = Promise.withResolvers<void>();
  const { port } = await servers.listen({
    scrape: async () => {
      asked.resolve();
      return { text, contentType, seen: () => {} };
    },
  });
  const scrape = requestText("GET /metrics", { "Accept-Encoding": "gzip", Connection: "close" });
  const scraper = await clients.open(port, scrape);
  await asked.promise;
  const health = requestText("GET /-/healthy", { Connection: "close" });
  expect(await (await clients.open(port, health)).ended).toContain("healthy\n");
  expect(scraper.text()).toBe("");
  expect((await scraper.ended).length).toBeGreaterThan(10_000_000);
});
