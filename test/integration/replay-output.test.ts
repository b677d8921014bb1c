import { mkdtemp, readFile, rm, stat } from "node:fs/promises";
import { createServer } from "node:http";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { afterAll, beforeAll, expect, it } from "vitest";
import { inShell, toNobody } from "../commands/shell-process.ts";
import { createTopic, produce, randomName, waitFor } from "./harness.ts";
import { fewCodes, replayed } from "./replaying.ts";
import { describeWithBroker } from "./with-broker.ts";

const days = 30;
const codes = 60;

/** A report by day of these has more lines than a pipe holds. */
const receipts = Array.from({ length: days * codes }, (_, n) => {
  const day = String(1 + Math.floor(n / codes)).padStart(2, "0");
  const times = { send_time: `2026-09-${day} 12:00:00`, rept_time: `2026-09-${day} 12:00:03` };
  return JSON.stringify({ state: "2", err_code: `NEW:${n % codes}`, biz_id: `${n}^1`, ...times });
});

/** Standard output is a pipe, at `$FILE`, that is there to be read until the program ends. */
const heldOpen = 'mkfifo "$FILE" && exec 3<>"$FILE" && exec "$@" >"$FILE"';

describeWithBroker("where a replay's counts go", ({ brokers }) => {
  const topic = randomName("output");
  const window = [
    ...["--brokers", brokers.join(","), "--topic", topic, ...fewCodes, "--quiet", "--instance", "i"],
    // by the minute, samples would be all that a replay is busy with
    ...["--from", "2026-09-01", "--to", "2026-10-01", "--step", "1h", "--slack", "3650d"],
  ];
  // a warning of a broker that is busy is none of these tests' business
  const flags = [...window, "--log-level", "error"];
  let folder = "";
  let file = "";
  let report = "";
  let openmetrics = "";

  beforeAll(async () => {
    folder = await mkdtemp(join(tmpdir(), "dlr-exporter-output-"));
    await createTopic(brokers, topic, 1);
    await produce(brokers, topic, receipts);
    file = join(folder, "whole.om");
    report = (await replayed(...flags, "--report", "csv", "--openmetrics", file)).stdout;
    openmetrics = await readFile(file, "utf8");
    expect(report.length).toBeGreaterThan(100_000);
  });
  afterAll(() => rm(folder, { recursive: true, force: true }));

  it("a reader that is gone keeps no file from being written, and the state stays for another try", async () => {
    const [om, state] = [join(folder, "gone.om"), join(folder, "gone.state")];
    const argv = ["replay", ...flags, "--report", "table", "--openmetrics", om, "--resume", state];
    expect(await inShell(toNobody, argv, join(folder, "gone")).ended).toEqual({
      ...{ end: 0, stdout: "", stderr: "" },
    });
    expect(await readFile(om, "utf8")).toBe(openmetrics);
    expect((await stat(state)).size).toBeGreaterThan(0);
    const again = await replayed(...flags, "--report", "csv", "--resume", state);
    expect(again).toEqual({ code: 0, stdout: report, stderr: "" });
    await expect(stat(state)).rejects.toThrow("ENOENT");
  });

  it("a full disk keeps no file from being written, and is told", async () => {
    const om = join(folder, "full.om");
    const argv = ["replay", ...flags, "--report", "table", "--openmetrics", om];
    const says = "dlr-exporter: cannot write to standard output: no space left on the device\n";
    expect(await inShell('exec "$@" >/dev/full', argv).ended).toEqual({ end: 1, stdout: "", stderr: says });
    expect(await readFile(om, "utf8")).toBe(openmetrics);
  });

  it.each([
    { name: "gone", script: toNobody, end: 0, says: "" },
    {
      name: "full",
      script: 'exec "$@" >/dev/full',
      end: 1,
      says: "dlr-exporter: cannot write to standard output: no space left on the device\n",
    },
  ])("OpenMetrics that stdout does not take ($name) keep nothing from a server", async (given) => {
    let taken = 0;
    const server = createServer((request, response) => {
      request.resume().once("end", () => {
        taken++;
        response.writeHead(204).end();
      });
    });
    await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
    const address = server.address();
    const port = typeof address === "object" ? address?.port : 0;
    const url = `http://127.0.0.1:${port}/`;
    const argv = ["replay", ...flags, "--openmetrics", "-", "--remote-write", url];
    const ended = await inShell(given.script, argv, join(folder, `om ${given.name}`)).ended;
    server.close();
    expect(ended).toEqual({ end: given.end, stdout: "", stderr: given.says });
    expect(taken).toBeGreaterThan(0);
  });

  /** Starts a replay whose report nobody reads yet, and waits until there is nothing to do but to print it. */
  async function unread(name: string) {
    const [om, pipe] = [join(folder, `${name}.om`), join(folder, name)];
    const argv = ["replay", ...flags, "--report", "csv", "--openmetrics", om];
    const { pid, ended } = inShell(heldOpen, argv, pipe);
    await waitFor(async () => (await stat(om)).isFile(), { what: "the other sink" });
    // so long it would have waited for the Kafka client alone; a shorter wait would only prove less
    const over = await Promise.race([ended, sleep(1_000, "not over" as const)]);
    expect(over).toBe("not over");
    return { pid, ended, pipe };
  }

  it("a slow reader gets all of the report", async () => {
    const { ended, pipe } = await unread("slow");
    expect(await readFile(pipe, "utf8")).toBe(report);
    expect(await ended).toEqual({ end: 0, stdout: "", stderr: "" });
  });

  it("a reader that has stopped keeps no signal from ending it", async () => {
    const { pid, ended } = await unread("stopped");
    process.kill(pid, "SIGINT");
    expect(await ended).toEqual({
      ...{ end: 1, stdout: "" },
      stderr: "dlr-exporter: stopped while writing; run the same command again to start over\n",
    });
  });

  it("a full disk under its log changes nothing", async () => {
    const argv = ["replay", ...window, "--report", "csv", "--log-level", "debug"];
    expect(await inShell('exec "$@" 2>/dev/full', argv).ended).toEqual({
      ...{ end: 0, stdout: report, stderr: "" },
    });
    expect((await inShell('exec "$@"', argv).ended).stderr).toContain('"level":20');
  });
});
