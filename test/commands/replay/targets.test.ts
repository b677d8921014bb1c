import { mkdtemp, readdir, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import type { Ended } from "../../lab/guarded.ts";
import { ran } from "../../lab/kept-program.ts";
import { listen, type Reply } from "../../replay/sinks/server.ts";

/** Nobody listens there, so a replay that begins to read says so. */
const nobody = "127.0.0.1:1";
const reading = `dlr-exporter: no broker can be reached: connect ECONNREFUSED ${nobody}\n`;

function replay(...args: string[]): Promise<Ended> {
  const flags = ["--brokers", nobody, "--from", "-3h", "--to", "now", ...args];
  return ran(["replay", ...flags]);
}

let folder = "";
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), "dlr-exporter-targets-"));
});
afterAll(() => rm(folder, { recursive: true, force: true }));

const loginAdvice = "it requires a login or a tenant: see --username, --bearer-token-file and --header";
const taken: Reply = { status: 204 };
const number: Reply = { status: 200, body: '{"data":{"result":[{"metric":{},"value":[1,"0"]}]}}' };

describe("before anything is read, a replay is told that", () => {
  const servers: readonly { name: string; flag: string; replies: readonly Reply[]; says: string }[] = [
    {
      name: "a remote write receiver is not switched on",
      flag: "--remote-write",
      replies: [{ status: 404, body: "remote write receiver needs to be enabled\n" }],
      says: "remote write to URL: refused; it answered 404: remote write receiver needs to be enabled",
    },
    {
      name: "a remote write receiver wants a login",
      flag: "--remote-write",
      replies: [{ status: 401, body: "Unauthorized" }],
      says: `remote write to URL: ${loginAdvice}; it answered 401: Unauthorized`,
    },
    {
      name: "a remote write receiver is behind another page",
      flag: "--remote-write",
      replies: [{ status: 302, headers: { location: "/login" } }],
      says: "remote write to URL: refused; it answered 302",
    },
    {
      name: "a VictoriaMetrics wants a login",
      flag: "--victoria",
      replies: [{ status: 403 }],
      says: `VictoriaMetrics at URL: ${loginAdvice}; refused; it answered 403`,
    },
    {
      name: "what imports is no VictoriaMetrics",
      flag: "--victoria",
      replies: [{ status: 404, body: "404 page not found" }],
      says: "VictoriaMetrics at URL: refused; it answered 404: 404 page not found",
    },
    {
      name: "a VictoriaMetrics answers no queries",
      flag: "--victoria",
      replies: [taken, { status: 400, body: "unsupported path" }],
      says: "VictoriaMetrics at URL: the import succeeded but queries fail; it answered 400: unsupported path",
    },
  ];
  it.each(servers)("$name", async ({ flag, replies, says }) => {
    const server = await listen((index) => replies[index] ?? taken);
    const { code, stdout, stderr } = await replay(flag, `${server.url}/`);
    expect(stderr).toBe(`dlr-exporter: ${says.replace("URL", `${server.url}/`)}\n`);
    expect([code, stdout]).toEqual([1, ""]);
    expect(server.arrived).toHaveLength(replies.length);
  });

  const files = [
    { flag: "--openmetrics", path: "none/month.txt", says: "there is no such folder" },
    { flag: "--resume", path: "none/month.state", says: "there is no such folder" },
    { flag: "--openmetrics", path: "", says: "not a regular file" },
  ];
  it.each(files)("$flag can't be written: $says", async ({ flag, path, says }) => {
    const file = join(folder, path);
    const { code, stderr } = await replay(flag, file);
    expect(stderr).toBe(`dlr-exporter: cannot write ${file}: ${says}\n`);
    expect(code).toBe(1);
  });

  it("a server does not answer, for no longer than its timeout", async () => {
    const server = await listen(() => "hang");
    const { stderr } = await replay("--remote-write", `${server.url}/`, "--timeout", "1s");
    expect(stderr).toBe(
      `dlr-exporter: remote write to ${server.url}/: gave up after 1 second without progress; it did not answer in time\n`,
    );
  });
});

describe("a login", () => {
  it("is sent as the flags say", async () => {
    const server = await listen(() => taken);
    const token = join(folder, "token");
    await writeFile(token, "secret-token\n", { mode: 0o600 });
    const { stderr } = await replay(
      ...["--remote-write", server.url, "--header", "X-Scope-OrgID: a", "--header", "X-Other: b, c"],
      ...["--bearer-token-file", token],
    );
    expect(stderr).toBe(reading);
    expect(server.arrived[0]?.headers).toMatchObject({
      "x-scope-orgid": "a",
      "x-other": "b, c",
      authorization: "Bearer secret-token",
    });
    await rm(token);
  });

  it("on the command line is refused in a header, and warned of in an address, and not shown", async () => {
    const header = await replay("--remote-write", "http://h/", "--header", "Authorization: Bearer hunter2");
    expect(header.stderr).toMatch(
      /^--header: the header Authorization looks like a credential and is not allowed here, where others can see it\n/,
    );
    expect(header.code).toBe(2);
    const server = await listen(() => taken);
    const url = await replay("--remote-write", server.url.replace("//", "//me:hunter2@"));
    expect(url.stderr).toMatch(/passwords on the command line can be read by everybody on this machine/);
    expect(server.arrived[0]?.headers.authorization).toBe(`Basic ${btoa("me:hunter2")}`);
    for (const { stderr } of [header, url]) expect(stderr).not.toContain("hunter2");
  });
});

it("begins to read when all targets can be written, and leaves nothing in them", async () => {
  const receiver = await listen((index) => (index === 0 ? { status: 503 } : taken));
  const victoria = await listen((index) => (index === 0 ? taken : number));
  const month = join(folder, "month.txt");
  await writeFile(month, "old");
  const urls = ["--remote-write", `${receiver.url}/api/v1/write`, "--victoria", victoria.url];
  const { stderr } = await replay(...urls, "--openmetrics", month, "--resume", join(folder, "month.state"));
  expect(stderr).toBe(reading);
  expect(await readdir(folder)).toEqual(["month.txt"]);
  // a write request without a series is one byte of snappy: nothing, of length 0
  expect(receiver.arrived.map(({ path, body }) => [path, [...body]])).toEqual(
    Array.from({ length: 2 }, () => ["/api/v1/write", [0]]),
  );
  expect(victoria.arrived.map(({ path, body }) => [path, body.length])).toEqual([
    ["/api/v1/import/prometheus", 0],
    ["/api/v1/query?query=vector%280%29", 0],
  ]);
});
