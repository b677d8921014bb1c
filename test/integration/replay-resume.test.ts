import { mkdtemp, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { deserialize, serialize } from "node:v8";
import { zstdCompressSync, zstdDecompressSync } from "node:zlib";
import { afterAll, beforeAll, expect, it } from "vitest";
import type { ReplayState } from "../../src/replay/state-file.ts";
import { receiptOf, runFlags, untilCounted } from "./counting.ts";
import { createTopic, produce, randomName, startExporter, waitFor, withAdmin } from "./harness.ts";
import { begun, fewCodes, replayed, untilNow } from "./replaying.ts";
import { tamper } from "./tampering.ts";
import { describeWithBroker } from "./with-broker.ts";

describeWithBroker("a replay that is stopped", ({ brokers }) => {
  const topic = randomName("long");
  let folder = "";

  beforeAll(async () => {
    folder = await mkdtemp(join(tmpdir(), "dlr-exporter-replay-"));
    await createTopic(brokers, topic, 3);
    const codes = ["006", "DELIVRD", "12", "DELIVRD", "NEW:1"];
    const records = Array.from({ length: 200_000 }, (_, n) => receiptOf(codes[n % codes.length] ?? ""));
    await produce(brokers, topic, records);
  });
  afterAll(() => rm(folder, { recursive: true, force: true }));

  it("goes on after kill -9 and Ctrl-C with the result of one run, and leaves the live group as it is", async () => {
    const live = await startExporter(runFlags(brokers, [topic]));
    await untilCounted(live, brokers, topic);
    await live.stop();
    const committed = () =>
      withAdmin(brokers, (admin) => admin.fetchOffsets({ groupId: topic, topics: [topic] }));
    const offsets = await committed();

    const file = join(folder, "long.txt");
    const direct = ["--brokers", brokers.join(",")];
    const args = ["--topic", topic, ...fewCodes, ...untilNow(), "--quiet"];
    const whole = await replayed(...direct, ...args, "--openmetrics", "-");
    expect(whole.code).toBe(0);

    await writeFile(file, "the version before\n");
    const state = join(folder, "long.state");
    const resuming = [...args, "--openmetrics", file, "--resume", state];
    /** Sends a signal when so many answers with records have come: a replay of all that is left takes about 20. */
    const stopped = async (signal: NodeJS.Signals, answers: number, workers: number) => {
      let come = 0;
      const way = await tamper(brokers[0] ?? "", (body) => {
        if (body.includes("biz_id") && ++come === answers) replay.child.kill(signal);
      });
      const replay = begun("--brokers", way.address, ...resuming, "--workers", String(workers));
      const ended = await replay.ended;
      way.close();
      expect(await readFile(file, "utf8")).toBe("the version before\n");
      return { ...ended, come };
    };
    const counts: number[] = [];
    for (const [round, answers] of [1, 3, 2].entries()) {
      const killed = await stopped("SIGKILL", answers, 1 + (round % 3));
      expect(killed.code).toBeNull();
      const { code, stderr } = await stopped("SIGINT", answers, 1 + ((round + 1) % 3));
      expect(code).toBe(1);
      const [, count = ""] =
        /stopped after ([\d,]+) of 200,000 records .*; run the same command again to continue\n$/.exec(
          stderr,
        ) ?? [];
      counts.push(Number(count.replaceAll(",", "")));
      // it holds what was counted, not how often it was gone on with
      const { states } = await saved(state);
      expect(states.map(({ tallies }) => tallies.map((tally) => tally.topic))).toEqual([[topic]]);
    }
    // the stop ends the reading before its end, and what was read before is not read again
    expect(counts).toEqual(counts.toSorted((a, b) => a - b));
    expect(counts.at(-1), String(counts)).toBeLessThan(200_000);
    expect(counts.at(-1)).toBeGreaterThan(0);
    expect((await replayed(...direct, ...resuming)).code).toBe(0);
    expect(await readFile(file, "utf8")).toBe(whole.stdout);
    expect(await committed()).toEqual(offsets);
  });

  /** Replays until the second answer with records, and is killed there. */
  async function killed(...args: string[]): Promise<void> {
    let come = 0;
    const way = await tamper(brokers[0] ?? "", (body) => {
      if (body.includes("biz_id") && ++come === 2) child.kill("SIGKILL");
    });
    const { child, ended } = begun("--brokers", way.address, "--topic", topic, ...fewCodes, ...args);
    expect((await ended).code).toBeNull();
    way.close();
  }

  it("says that it goes on with another window than today's, be it quiet", async () => {
    const state = join(folder, "relative.state");
    const args = ["--from", "-1h", "--to", "now", "--step", "1s", "--by", "record", "--report", "json"];
    const resuming = [...args, "--quiet", "--resume", state];
    await killed(...resuming);
    const { window } = await saved(state);
    await waitFor(() => Date.now() > window.to + 2_000, { what: "another second" });
    const { code, stdout, stderr } = await replayed(
      ...["--brokers", brokers.join(","), "--topic", topic, ...fewCodes, ...resuming],
    );
    expect(stderr).toMatch(
      /^Continuing the replay from .* to .*, started at .*relative\.state\)\. For the current window, remove that file\.\n$/,
    );
    const report = JSON.parse(stdout) as { window: { to: string } };
    expect(Date.parse(report.window.to)).toBe(window.to);
    expect(code).toBe(0);
  });

  it("is not gone on with on another cluster", async () => {
    const state = join(folder, "moved.state");
    const args = [...untilNow(), "--quiet", "--resume", state];
    await killed(...args);
    const before = await saved(state);
    expect(before.cluster).toMatch(/./);
    await writeFile(state, zstdCompressSync(serialize({ ...before, cluster: "another" })));
    const { code, stderr } = await replayed(
      "--brokers",
      brokers.join(","),
      "--topic",
      topic,
      ...fewCodes,
      ...args,
    );
    expect(stderr).toBe(
      `dlr-exporter: ${state} is the state of a replay of another cluster (another; these brokers belong to ${before.cluster}): use its brokers, or another file\n`,
    );
    expect(code).toBe(1);
  });

  it("tells the command that repeats it, whenever that is given", async () => {
    const window = ["--from", "-1h", "--to", "now", "--step", "1s"];
    const args = ["--topic", topic, ...fewCodes, ...window, "--report", "json"];
    const first = await replayed("--brokers", brokers.join(","), ...args, "--by", "record");
    const [, command = ""] = /^To repeat this replay: dlr-exporter replay (.*)\n$/.exec(first.stderr) ?? [];
    const again = await replayed(...command.split(" "));
    expect(again.stdout).toBe(first.stdout);
    // its times are fixed, so it has nothing to tell
    expect(again.stderr).toBe("");
  });
});

async function saved(file: string): Promise<ReplayState> {
  return deserialize(zstdDecompressSync(await readFile(file))) as ReplayState;
}
