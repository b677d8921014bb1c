import { spawnSync } from "node:child_process";
import { mkdtempSync, readFileSync, rmSync } from "node:fs";
import { createConnection, type Socket } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, afterEach, beforeAll, describe, expect, it } from "vitest";
import { freePort, waitFor } from "../../integration/harness.ts";
import { startExporter } from "../../lab/exporter.ts";
import { guard } from "../../lab/guard.ts";
import { inShell } from "../shell-process.ts";

/** No broker is there, which is all that these need. */
const flags = ["--brokers", "127.0.0.1:1", "--host", "127.0.0.1"];

let folder = "";
beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), "dlr-run-ending-"));
});
afterAll(() => rmSync(folder, { recursive: true }));

const sockets: Socket[] = [];
afterEach(() => {
  for (const socket of sockets.splice(0)) socket.destroy();
});

/** Connects and sends something; the connection stays open as long as the other side wants. */
async function connected(port: number, text: string): Promise<void> {
  const socket = createConnection({ port, host: "127.0.0.1", allowHalfOpen: true });
  sockets.push(socket);
  socket.on("error", () => {});
  await new Promise<void>((resolve) => socket.once("connect", resolve));
  if (text !== "") await new Promise<void>((resolve) => socket.write(text, () => resolve()));
}

function answers(port: number): Promise<boolean> {
  return fetch(`http://127.0.0.1:${port}/-/healthy`).then(({ ok }) => ok);
}

describe("a connection to a run that is stopped", () => {
  it.each([
    { name: "that asks for nothing", text: "" },
    { name: "with half a request", text: "GET /metrics HTTP/1.1\r\nHost: a\r\n" },
    { name: "with half a body", text: "POST /-/reload HTTP/1.1\r\nHost: a\r\nContent-Length: 9\r\n\r\n1" },
    { name: "that was kept alive", text: "GET /metrics HTTP/1.1\r\nHost: a\r\n\r\n" },
  ])("$name keeps it from nothing", async ({ text }) => {
    const exporter = await startExporter(flags);
    await connected(exporter.port, text);
    // whoever came before has been seen by now
    expect((await exporter.get("/-/healthy")).status).toBe(200);
    expect(await exporter.stop()).toBe(0);
    expect(exporter.log()).toContain("shutting down");
    expect(exporter.log()).not.toContain("cut short");
  });
});

describe("a signal that comes when the work is over", () => {
  it("is no second one", async () => {
    // under npm one Ctrl-C comes twice
    const ending = new URL("../../../src/commands/ending.ts", import.meta.url);
    const { status, signal, stderr } = spawnSync(
      process.execPath,
      ["--input-type=module", "--eval", interrupted(`${ending}`)],
      { encoding: "utf8" },
    );
    expect({ status, signal, stderr }).toEqual({ status: 7, signal: null, stderr: "" });
  });

  it("does not kill a run, though it is for the map", async () => {
    const again = `process.once("SIGTERM", () => setInterval(() => process.kill(process.pid, "SIGHUP"), 20))`;
    const preload = `--import=data:text/javascript,${encodeURIComponent(again)}`;
    const exporter = await startExporter(flags, { NODE_OPTIONS: preload });
    expect(await exporter.stop()).toBe(0);
  });
});

/** A process whose work is over at the first signal, and which gets another one then. */
function interrupted(ending: string): string {
  return `import { listenForStop } from "${ending}";
    setInterval(() => {}, 1000);
    const leaveSoon = listenForStop({
      first() {
        process.exitCode = 7;
        leaveSoon();
        process.kill(process.pid, "SIGINT");
      },
      again: () => 1,
    });
    process.kill(process.pid, "SIGINT");`;
}

describe("a log that can't be written", () => {
  it("on a full disk keeps nothing from being counted and served", async () => {
    const port = await freePort();
    const { pid, ended } = inShell('exec "$@" 2>/dev/full', ["run", ...flags, "--port", `${port}`]);
    await waitFor(() => answers(port), { what: "an answer" });
    // each reload writes a line
    const reload = await fetch(`http://127.0.0.1:${port}/-/reload`, { method: "POST" });
    expect(reload.status).toBe(200);
    expect(await answers(port)).toBe(true);
    process.kill(pid, "SIGTERM");
    expect(await ended).toEqual({ end: 0, stdout: "", stderr: "" });
  });

  it("goes on when there is room again", async () => {
    const [port, file] = [await freePort(), join(folder, "log")];
    const script = `trap '' XFSZ; ulimit -f 1; exec "$@" 2>>"$FILE"`;
    const { pid, ended } = inShell(script, ["run", ...flags, "--port", `${port}`], file);
    const reload = () => fetch(`http://127.0.0.1:${port}/-/reload`, { method: "POST" });
    await waitFor(() => answers(port), { what: "an answer" });
    const size = () => readFileSync(file).length;
    await waitFor(async () => (await reload()).ok && size() === 1024, { what: "a full file" });
    await reload();
    spawnSync("truncate", ["--size", "0", file]);
    await reload();
    expect(readFileSync(file, "utf8")).toContain("the code map has not changed");
    process.kill(pid, "SIGTERM");
    expect((await ended).end).toBe(0);
  });

  const missing = spawnSync("script", ["--version"]).error && "script is not installed (Debian: bsdutils)";
  if (missing !== undefined) console.warn(`a terminal that goes is not tried: ${missing}`);
  it.skipIf(missing !== undefined && process.env.CI !== "true")("outlives its terminal", async () => {
    const [port, file] = [await freePort(), join(folder, "pid")];
    const own = `echo $$ >${file}; exec ${process.execPath} src/main.ts run ${flags.join(" ")} --port ${port}`;
    const terminal = inShell(`exec script --quiet --return --command '${own}' /dev/null`, []);
    await waitFor(() => answers(port), { what: "an answer" });
    const pid = Number(readFileSync(file, "utf8"));
    // it will not be our child any more
    const orphan = guard('kill -9 "$1"', `${pid}`);
    process.kill(terminal.pid, "SIGKILL");
    await terminal.ended;
    // reading the map again, as the end of the terminal has it do as well, writes a line that goes nowhere
    const reload = await fetch(`http://127.0.0.1:${port}/-/reload`, { method: "POST" });
    expect(reload.status).toBe(200);
    expect(await answers(port)).toBe(true);
    process.kill(pid, "SIGTERM");
    await waitFor(() => !alive(pid), { what: "its end" });
    orphan.dismiss();
  });
});

function alive(pid: number): boolean {
  try {
    return process.kill(pid, 0) && !/^\d+ \(.*\) Z/.test(readFileSync(`/proc/${pid}/stat`, "utf8"));
  } catch {
    return false;
  }
}
