import { type ChildProcess, spawn } from "node:child_process";
import { once } from "node:events";
import { mkdtemp, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { text } from "node:stream/consumers";
import { setTimeout as sleep } from "node:timers/promises";
import kafkajs from "kafkajs";
import { afterAll, beforeAll, expect, it } from "vitest";
import { mainModule } from "../../src/demo/exporter.ts";
import { type Event, shapes } from "../../src/demo/shapes.ts";
import { receiptOf, runFlags, untilCounted } from "./counting.ts";
import {
  connect,
  createTopic,
  parseMetrics,
  produce,
  randomName,
  startExporter,
  withAdmin,
} from "./harness.ts";
import { describeWithBroker } from "./with-broker.ts";

const { CompressionTypes } = kafkajs;
const minute = 60_000;
const hour = 60 * minute;
/** Midnight in China, where a day has no summer time. */
const from = Date.parse("2026-10-03T00:00:00+08:00");
const to = Date.parse("2026-10-05T00:00:00+08:00");

/** Receipts by scope, code and minute of the window. */
type Expected = Map<string, number>;

interface Sent {
  readonly value: string | null;
  readonly recordedAt: number;
}

/** Writes the known receipts, and keeps what they must count as. */
class Script {
  readonly expected: Expected = new Map();
  readonly outside = { before: 0, after: 0 };
  late = 0;

  /** One receipt of a code at a moment, in the shape that `write` gives it, recorded `lag` later. */
  receipt(scope: string, code: string, at: number, write: (event: Event) => string, lag = 1_000): Sent {
    this.#count(scope, code, at, at + lag);
    return { value: write(this.#event(code, at)), recordedAt: at + lag };
  }

  receipts(codes: readonly string[], at: number): Sent {
    for (const code of codes) this.#count("sms_receipt", code, at, at + 1_000);
    return { value: shapes.aliyunSms(codes.map((code) => this.#event(code, at))), recordedAt: at + 1_000 };
  }

  /** The same record once more: receipts come at least once, and each coming counts. */
  again(sent: Sent, scope: string, code: string, at: number): Sent {
    this.#count(scope, code, at, sent.recordedAt);
    return sent;
  }

  #event(code: string, at: number): Event {
    const delivered = ["DELIVRD", "DELIVERED", "0", "OK"].includes(code);
    return {
      code,
      delivered,
      sentAt: at - 3_000,
      receivedAt: at,
      phone: "13000000000",
      id: "123456789012345678",
    };
  }

  #count(scope: string, code: string, at: number, recordedAt: number): void {
    if (at < from) this.outside.before++;
    else if (at >= to) this.outside.after++;
    else {
      const key = `${scope} ${code} ${Math.floor((at - from) / minute)}`;
      this.expected.set(key, (this.expected.get(key) ?? 0) + 1);
      if (recordedAt >= to + 0.9 * 6 * hour) this.late++;
    }
  }
}

function partitionsOf(script: Script): Sent[][] {
  const sms = (code: string, at: number, lag?: number) =>
    script.receipt("sms_receipt", code, at, shapes.tmcSms, lag);
  const day2 = from + 24 * hour;
  const twice = sms("12", from + 90 * minute);
  return [
    [
      // the first moment of the window is in it, the one before is not
      sms("DELIVRD", from - 1_000, 2_000),
      sms("DELIVRD", from),
      twice,
      script.again(twice, "sms_receipt", "12", from + 90 * minute),
      script.receipt("sms_receipt", "DB:0141", from + 91 * minute, shapes.tmcSmsFramed),
      // the last second of the first day and the first of the second
      sms("006", day2 - 1_000),
      sms("006", day2),
    ],
    [
      script.receipts(["DELIVERED", "640", "mk:0010"], day2 + 3 * hour),
      script.receipt("sms_receipt", "-1005", day2 + 3 * hour + minute, shapes.aliyunSmsObject),
      script.receipt("voice_receipt", "200010", day2 + 4 * hour, shapes.tmcVoice),
      script.receipt("voice_receipt", "200101", day2 + 4 * hour, shapes.tmcVoiceIntermediate),
      script.receipt("voice_receipt", "200005", day2 + 5 * hour, shapes.aliyunVoice),
      { value: "no JSON", recordedAt: day2 + 6 * hour },
      { value: null, recordedAt: day2 + 6 * hour },
      // hours late, and in the last tenth of the slack
      sms("024", day2 + 20 * hour, 5 * hour),
      sms("059", to - minute, 6 * hour),
    ],
    [
      sms("NEW:1", to - 1_000),
      // the end of the window is not in it
      sms("DELIVRD", to),
      sms("DELIVRD", to + hour),
      // recorded after the slack: not read at all
      { value: shapes.tmcSms({ ...eventAt(to - hour), code: "12" }), recordedAt: to + 7 * hour },
    ],
    [],
  ];
}

function eventAt(at: number): Event {
  return { code: "12", delivered: false, sentAt: at - 1, receivedAt: at, phone: "13000000000", id: "1" };
}

interface Ended {
  readonly code: number | null;
  readonly stdout: string;
  readonly stderr: string;
}

/** Starts `replay`. */
function begun(...args: string[]): { child: ChildProcess; ended: Promise<Ended> } {
  const child = spawn(process.execPath, [mainModule, "replay", ...args]);
  const ended = Promise.all([text(child.stdout), text(child.stderr), once(child, "exit")]).then(
    ([stdout, stderr, [code]]) => ({ code, stdout, stderr }),
  );
  return { child, ended };
}

/** Runs `replay` to its end. */
function replayed(...args: string[]): Promise<Ended> {
  return begun(...args).ended;
}

describeWithBroker("replay", ({ brokers }) => {
  const topic = randomName("replay");
  const script = new Script();
  const window = ["--from", "2026-10-03", "--to", "2026-10-05"];
  let folder = "";

  beforeAll(async () => {
    folder = await mkdtemp(join(tmpdir(), "dlr-exporter-replay-"));
    const partitions = partitionsOf(script);
    await createTopic(brokers, topic, partitions.length);
    const producer = connect(brokers).producer();
    await producer.connect();
    const codecs = Object.values(CompressionTypes).filter((codec) => typeof codec === "number");
    for (const [partition, sent] of partitions.entries()) {
      for (const [index, { value, recordedAt }] of sent.entries()) {
        // one batch a record, each in another codec
        const compression = codecs[index % codecs.length] ?? CompressionTypes.None;
        const messages = [{ partition, value, timestamp: String(recordedAt) }];
        await producer.send({ topic, compression, messages });
      }
    }
    await producer.disconnect();
  });
  afterAll(() => rm(folder, { recursive: true, force: true }));

  const flags = () => ["--brokers", brokers.join(","), "--topic", topic, "--quiet"];

  it("counts every receipt in its own minute, whatever the workers", async () => {
    const pages: string[] = [];
    for (const workers of ["1", "2", "3", "1"]) {
      const gauges = await replayed(
        ...flags(),
        ...window,
        "--workers",
        workers,
        "--as",
        "gauge",
        "--openmetrics",
        "-",
      );
      expect(gauges.stderr).toBe("");
      expect(gauges.code).toBe(0);
      pages.push(gauges.stdout);
    }
    expect(new Set(pages).size).toBe(1);
    const counted = pages[0]
      ?.split("\n")
      .filter((line) => line.startsWith("dlr_receipts_1m{"))
      .map((line) => {
        const at = line.lastIndexOf(" ");
        const [sample] = parseMetrics(line.slice(0, at));
        const step = (Number(line.slice(at + 1)) * 1000 - from) / minute - 1;
        return [`${sample?.labels.scope} ${sample?.labels.code} ${step}`, sample?.value] as const;
      });
    expect(Object.fromEntries(counted ?? [])).toEqual(Object.fromEntries(script.expected));
  });

  it("reports what is beside the counts", async () => {
    const { code, stdout } = await replayed(...flags(), ...window, "--report", "json");
    expect(code).toBe(0);
    const total = [...script.expected.values()].reduce((a, b) => a + b);
    expect(JSON.parse(stdout)).toMatchObject({
      receipts: total,
      malformed: { not_json: 1, tombstone: 1 },
      outside: script.outside,
      late: script.late,
      undated: 0,
      gaps: [],
    });
    expect(script.outside).toEqual({ before: 1, after: 2 });
    expect(script.late).toBe(1);
  });

  it("places receipts by the time of their record when it is asked to", async () => {
    const { stdout } = await replayed(...flags(), ...window, "--by", "record", "--report", "json");
    const { counts } = JSON.parse(stdout) as { counts: { code: string; count: number }[] };
    const delivered = counts
      .filter(({ code }) => code === "DELIVRD")
      .reduce((sum, { count }) => sum + count, 0);
    // the receipts of the second before the window and of its first moment were recorded within it
    expect(delivered).toBe(2);
  });

  it("tells which receipts another map would move", async () => {
    const old = join(folder, "old.yaml");
    const map = await readFile("config/code-map.yaml", "utf8");
    await writeFile(old, map.replaceAll("category: power_off", "category: unreachable"));
    const { code, stdout } = await replayed(...flags(), ...window, "--report", "json", "--compare", old);
    expect(code).toBe(0);
    const [, moves] = stdout.trim().split("\n");
    // 024, 059 and the voice code 200010
    expect(JSON.parse(moves ?? "")).toMatchObject({ moved: 3 });
  });

  it("leaves none of its groups behind", async () => {
    const { groups } = await withAdmin(brokers, (admin) => admin.listGroups());
    expect(groups.filter(({ groupId }) => groupId.startsWith("dlr-replay-"))).toEqual([]);
  });

  it.each([
    { name: "a topic that does not exist", args: ["--topic", "nowhere"], says: "there is no topic nowhere" },
    {
      name: "a window without a record",
      args: ["--from", "2001-01-01", "--to", "2001-01-02"],
      says: "no record lies in the window and its slack",
    },
    {
      name: "a file that can't be written",
      args: ["--openmetrics", "/nowhere/october.txt"],
      says: "cannot write /nowhere/october.txt: there is no such folder",
    },
    {
      name: "a server that is not there",
      args: ["--remote-write", "http://127.0.0.1:1/api/v1/write", "--timeout", "1s"],
      says: "http://127.0.0.1:1/api/v1/write",
    },
  ])("ends with 1 and a sentence for $name", async ({ args, says }) => {
    const { code, stderr } = await replayed(...flags(), ...window, ...args);
    expect(stderr).toContain(says);
    expect(stderr.trim().split("\n")).toHaveLength(1);
    expect(code).toBe(1);
  });

  it("goes on after kill -9 and Ctrl-C with the result of one run, and leaves the live group as it is", async () => {
    const long = randomName("long");
    await createTopic(brokers, long, 3);
    const codes = ["006", "DELIVRD", "12", "DELIVRD", "NEW:1"];
    const count = 200_000;
    await produce(
      brokers,
      long,
      Array.from({ length: count }, (_, n) => receiptOf(codes[n % codes.length] ?? "")),
    );
    const live = await startExporter(runFlags(brokers, [long]));
    await untilCounted(live, brokers, long);
    await live.stop();
    const committed = () =>
      withAdmin(brokers, (admin) => admin.fetchOffsets({ groupId: long, topics: [long] }));
    const offsets = await committed();

    const file = join(folder, "long.txt");
    const state = join(folder, "long.state");
    const around = (hours: number) => new Date(Date.now() + hours * hour).toISOString();
    const args = ["--brokers", brokers.join(","), "--topic", long, "--from", around(-1), "--to", around(1)];
    const whole = await replayed(...args, "--by", "record", "--quiet", "--openmetrics", "-");
    expect(whole.code).toBe(0);

    await writeFile(file, "the version before\n");
    const flagsOf = (workers: number) => [
      ...[...args, "--by", "record", "--quiet", "--openmetrics", file],
      ...["--resume", state, "--workers", String(workers)],
    ];
    let stops = 0;
    for (let wait = 400; ; wait += 200) {
      const { child, ended } = begun(...flagsOf(1 + (stops % 3)));
      await Promise.race([sleep(wait), ended]);
      const signal = stops % 2 === 0 ? "SIGKILL" : "SIGINT";
      const stoppedAt = Date.now();
      child.kill(signal);
      const { code, stderr } = await ended;
      if (code === 0) break;
      stops++;
      expect(await readFile(file, "utf8")).toBe("the version before\n");
      if (signal === "SIGINT" && code === 1) {
        expect(Date.now() - stoppedAt).toBeLessThan(2_500);
        expect(stderr).toMatch(
          /stopped after [\d,]+ of [\d,]+ records .*; give the same command again to go on/,
        );
      }
    }
    expect(stops).toBeGreaterThan(0);
    expect(await readFile(file, "utf8")).toBe(whole.stdout);
    expect(await committed()).toEqual(offsets);
  });
});
