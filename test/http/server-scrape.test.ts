import { once } from "node:events";
import { afterEach, expect, it } from "vitest";
import { waitFor } from "../lab/wait-for.ts";
import { RawClients, requestText } from "./raw-client.ts";
import { contentType, Servers } from "./site.ts";

const servers = new Servers();
const clients = new RawClients();
afterEach(async () => {
  clients.close();
  await servers.close();
});

/** A server of a page that is too large for the buffers between it and a client, and how often it was seen. */
async function serving(text = "#".repeat(50_000_000)) {
  let [written, seen] = [0, 0];
  const { port } = await servers.listen({
    scrape: async () => {
      written++;
      return { text, contentType, seen: () => seen++ };
    },
  });
  return { port, written: () => written, seen: () => seen };
}

const scrape = requestText("GET /metrics");
const last = requestText("GET /-/healthy", { Connection: "close" });

it("counts as seen by a GET that was answered to its end, by each one", async () => {
  const { port, seen } = await serving("dlr_ready 1\n");
  const { ended } = await clients.open(port, scrape + scrape + last);
  await ended;
  expect(seen()).toBe(2);
});

it("is not seen by HEAD", async () => {
  const { port, written, seen } = await serving("dlr_ready 1\n");
  const { ended } = await clients.open(port, requestText("HEAD /metrics") + last);
  expect(await ended).toContain("content-length: 12\r\n");
  expect([written(), seen()]).toEqual([1, 0]);
});

it("is not seen by clients that go away before its last byte", async () => {
  const { port, seen } = await serving();
  const rude = await clients.open(port, scrape, false);
  await once(rude.socket, "readable");
  rude.socket.resetAndDestroy();
  const leaving = await clients.open(port, scrape + scrape, false);
  await once(leaving.socket, "readable");
  leaving.socket.destroy();
  const patient = await clients.open(port, scrape);
  await waitFor(() => patient.text().length > 50_000_000, { what: "all of the page" });
  await waitFor(() => seen() > 0, { what: "the note" });
  expect(seen()).toBe(1);
});

it("is seen by a client that says at once that it sends no more", async () => {
  const { port, seen } = await serving();
  const { socket, ended } = await clients.open(port, scrape);
  socket.end();
  expect((await ended).length).toBeGreaterThan(50_000_000);
  expect(seen()).toBe(1);
});
