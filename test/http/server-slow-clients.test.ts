import { once } from "node:events";
import { gunzipSync } from "node:zlib";
import { afterEach, describe, expect, it } from "vitest";
import { type Limits, usualLimits } from "../../src/http/limits.ts";
import { waitFor } from "../lab/wait-for.ts";
import { type RawClient, RawClients, requestText, statusesIn } from "./raw-client.ts";
import { contentType, Servers } from "./site.ts";

const servers = new Servers();
const clients = new RawClients();
afterEach(async () => {
  clients.close();
  await servers.close();
});

const scrape = requestText("GET /metrics");
const health = requestText("GET /-/healthy");
const closing = { Connection: "close" };
/** More than the buffers between a server and a client hold. */
const pageBytes = 20_000_000;

/** A server of large pages, and how many of them it has made. */
async function serving(limits: Partial<Limits>) {
  let written = 0;
  const { port } = await servers.listen(
    { scrape: async () => ({ text: "#".repeat(pageBytes + written++), contentType, seen: () => {} }) },
    { ...usualLimits, ...limits },
  );
  return { port, written: () => written };
}

/** A client that asks for a page and takes none of it, once it is on its way. */
async function deaf(port: number): Promise<RawClient> {
  const client = await clients.open(port, scrape, false);
  await once(client.socket, "readable");
  return client;
}

function logged(reason: string): boolean {
  return servers.log.includes(`"reason":"${reason}"`);
}

/** How much a client gets that begins to read only now, when the server has ended its connection. */
async function restOf({ read, ended }: RawClient): Promise<number> {
  read();
  return (await ended).length;
}

describe("a client", () => {
  const quick = { headMs: 200, requestMs: 200, checkMs: 20 };

  it.each(["", "GET /metrics HTTP/1.1\r\nHost: a\r\n"])(
    "that sends %j and no more is told 408",
    async (sends) => {
      const { port } = await serving(quick);
      expect(statusesIn(await (await clients.open(port, sends)).ended)).toEqual([408]);
    },
  );

  it("that does not end its body is cut off", async () => {
    const { port } = await serving(quick);
    const half = requestText("POST /-/reload", { "Content-Length": "9" }, "1");
    expect(statusesIn(await (await clients.open(port, half)).ended)[0]).toBe(200);
  });

  it("that asks for nothing more is closed", async () => {
    const { port } = await serving({ idleMs: 50 });
    expect(statusesIn(await (await clients.open(port, health)).ended)).toEqual([200]);
  });

  it("that does not read its answer in time is cut off, and the log says so", async () => {
    const { port } = await serving({ answerMs: 500 });
    const client = await deaf(port);
    await waitFor(() => logged("slow"), { what: "the end of the client" });
    expect(await restOf(client)).toBeLessThan(pageBytes);
  });

  it("that reads a little at a time has no more time for it", async () => {
    const { port } = await serving({ answerMs: 500 });
    const { socket } = await deaf(port);
    const sips = setInterval(() => socket.read(1_000), 10);
    await waitFor(() => logged("slow"), { what: "the end of the client" }).finally(() => clearInterval(sips));
  });

  it("whose body is too large is refused before it is sent", async () => {
    const { port } = await serving({});
    for (const line of ["POST /-/reload", "GET /metrics", "POST /nowhere"]) {
      const large = requestText(line, { "Content-Length": "1000000000" });
      expect(await (await clients.open(port, large)).ended).toMatch(
        /^HTTP\/1\.1 413 [\s\S]*\r\n\r\nrequests must not have a body\n$/,
      );
    }
    expect(logged("body")).toBe(true);
  });

  it("whose body has no end is not listened to after its answer", async () => {
    const { port } = await serving({});
    const endless = await clients.open(
      port,
      requestText("POST /-/reload", { "Transfer-Encoding": "chunked" }),
    );
    const chunk = `4000\r\n${"#".repeat(0x4000)}\r\n`;
    const sent = waitFor(
      async () => {
        await endless.send(chunk);
        return endless.socket.destroyed;
      },
      { what: "the end of the connection" },
    );
    expect(statusesIn(await endless.ended)).toEqual([200]);
    await sent;
  });

  it("that sends a body as small as any is answered", async () => {
    const { port } = await serving({});
    const small = requestText("POST /-/reload", { "Content-Length": "5" }, "hello");
    const chunked = requestText(
      "POST /-/reload",
      { "Transfer-Encoding": "chunked" },
      "5\r\nhello\r\n0\r\n\r\n",
    );
    expect(statusesIn(await (await clients.open(port, small + chunked)).ended)).toEqual([200, 200]);
  });
});

describe("pages", () => {
  it("are shared by a crowd that asks while one is being sent", async () => {
    const { port, written } = await serving({ sharedMs: 3_600_000 });
    await deaf(port);
    const asks = requestText("GET /metrics", { ...closing, "Accept-Encoding": "gzip" });
    const crowd = await Promise.all(Array.from({ length: 50 }, () => clients.open(port, asks)));
    for (const { ended } of crowd) {
      const answer = await ended;
      const body = Buffer.from(answer.slice(answer.indexOf("\r\n\r\n") + 4), "latin1");
      expect(gunzipSync(body)).toHaveLength(pageBytes);
    }
    expect(written()).toBe(1);
  });

  it("are made anew for who asks later", async () => {
    const { port, written } = await serving({ sharedMs: 0 });
    await deaf(port);
    const later = await clients.open(port, requestText("GET /metrics", closing));
    expect(await later.ended).toContain(`content-length: ${pageBytes + 1}\r\n`);
    expect(written()).toBe(2);
  });

  it("are made anew when nobody is being sent the last one, however young it is", async () => {
    const { port, written } = await serving({ sharedMs: 3_600_000 });
    for (let n = 0; n < 3; n++) await (await clients.open(port, requestText("GET /metrics", closing))).ended;
    expect(written()).toBe(3);
  });

  it("are held for so many: the oldest is taken from its slow client, for one who has just asked", async () => {
    const { port } = await serving({ pages: 3, sharedMs: 0 });
    const slowest = await deaf(port);
    const others = [await deaf(port), await deaf(port)];
    const { ended } = await clients.open(port, requestText("GET /metrics", closing));
    expect((await ended).length).toBeGreaterThan(pageBytes);
    expect(await restOf(slowest)).toBeLessThan(pageBytes);
    for (const { read, text } of others) {
      read();
      await waitFor(() => text().length > pageBytes, { what: "all of the page" });
    }
    expect(logged("pages")).toBe(true);
  });
});

describe("connections beyond the bound", () => {
  it("take the place of the oldest that waits for nothing", async () => {
    const { port } = await serving({ connections: 3 });
    const busy = await deaf(port);
    const idle = [await clients.open(port), await clients.open(port)];
    const latest = await clients.open(port, health);
    await idle[0]?.ended;
    await waitFor(() => latest.text().includes("healthy\n"), { what: "the answer" });
    expect(idle[1]?.socket.destroyed).toBe(false);
    busy.read();
    await waitFor(() => busy.text().length > pageBytes, { what: "all of the page" });
    expect(logged("connections")).toBe(true);
  });

  it("take the place of the oldest where all wait", async () => {
    const { port } = await serving({ connections: 2, sharedMs: 3_600_000 });
    const oldest = await deaf(port);
    await deaf(port);
    const latest = await clients.open(port, requestText("GET /-/healthy", closing));
    expect(statusesIn(await latest.ended)).toEqual([200]);
    expect(await restOf(oldest)).toBeLessThan(pageBytes);
  });
});
