import { mkdtemp, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, expect, it } from "vitest";
import { type Event, shapes } from "../../src/demo/shapes.ts";
import { createTopic, parseMetrics, randomName } from "./harness.ts";
import { hour, minute, record, replayed, type Sent } from "./replaying.ts";
import { tamper } from "./tampering.ts";
import { describeWithBroker } from "./with-broker.ts";

/** Midnight in China, where a day has no summer time. */
const from = Date.parse("2026-10-03T00:00:00+08:00");
const to = Date.parse("2026-10-05T00:00:00+08:00");

/** Receipts by scope, code and minute of the window. */
type Expected = Map<string, number>;

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
      script.receipt("voice_receipt", "200102", day2 + 5 * hour, shapes.aliyunVoiceIntermediate),
      script.receipt("sms_receipt", "TC:1", day2 + 5 * hour, tencent),
      // API answers have no time of their own
      script.receipt("sms_send_api", "0", day2 + 7 * hour, shapes.topAccepted),
      script.receipt("sms_send_api", "isv.BUSINESS_LIMIT_CONTROL", day2 + 7 * hour, shapes.topRefused),
      script.receipt("api", "OK", day2 + 8 * hour, shapes.topFlat),
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
      // recorded half a day late, behind others that are later than the window
      sms("12", to - hour, 12 * hour),
    ],
    [],
  ];
}

function tencent({ code, phone, receivedAt }: Event): string {
  const time = new Date(receivedAt + 8 * hour).toISOString().slice(0, 19).replace("T", " ");
  const rest = { nationcode: "86", mobile: phone, report_status: "FAIL", description: "", sid: "1" };
  return JSON.stringify([{ ...rest, user_receive_time: time, errmsg: code }]);
}

function eventAt(at: number): Event {
  return { code: "12", delivered: false, sentAt: at - 1, receivedAt: at, phone: "13000000000", id: "1" };
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
    await record(brokers, topic, partitions);
  });
  afterAll(() => rm(folder, { recursive: true, force: true }));

  const flags = (address = brokers.join(",")) => ["--brokers", address, "--topic", topic, "--quiet"];

  it("counts every receipt in its own minute, whatever the workers", async () => {
    const pages: string[] = [];
    for (const workers of ["1", "2", "9", "1"]) {
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
    const { code, stdout } = await replayed(...flags(), ...window, "--report", "json", "--slack", "6h");
    expect(code).toBe(0);
    const total = [...script.expected.values()].reduce((a, b) => a + b);
    expect(JSON.parse(stdout)).toMatchObject({
      receipts: total,
      malformed: { not_json: 1, tombstone: 1 },
      outside: script.outside,
      late: script.late,
      undated: 3,
      gaps: [],
      // too few records for a log that has passed the window
      unread: [],
    });
    expect(script.outside).toEqual({ before: 1, after: 2 });
    expect(script.late).toBe(2);
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

  it("tells which receipts another map would move, day by day", async () => {
    const old = join(folder, "old.yaml");
    const map = await readFile("config/code-map.yaml", "utf8");
    await writeFile(old, map.replaceAll("category: blacklist", "category: unreachable"));
    const { code, stdout } = await replayed(...flags(), ...window, "--report", "json", "--compare", old);
    expect(code).toBe(0);
    const blacklist = {
      before: { category: "unreachable", outcome: "failed" },
      after: { category: "blacklist", outcome: "failed" },
    };
    expect(JSON.parse(stdout)).toMatchObject({
      window: { by: "event" },
      moved: 3,
      moves: [
        { day: "2026-10-03", after: { code: "006" }, count: 1 },
        { day: "2026-10-03", ...blacklist, after: { ...blacklist.after, code: "DB:0141" }, count: 1 },
        { day: "2026-10-04", after: { code: "006" }, count: 1 },
      ],
    });
  });

  it("reads several topics, each in its own format, from a configuration", async () => {
    const [sms, calls] = [randomName("sms"), randomName("calls")];
    const config = join(folder, "topics.yaml");
    await writeFile(
      config,
      `topics:
  - { topic: ${sms}, format: tmc-sms }
  - { topic: ${calls}, format: json, scope: voice_receipt, json: { code: /c, received_at: /t } }
`,
    );
    const sent = (value: string) => [[{ value, recordedAt: from }], []];
    for (const topic of [sms, calls]) await createTopic(brokers, topic, 2);
    await record(brokers, sms, sent(shapes.tmcSms({ ...eventAt(from), code: "200010" })));
    await record(brokers, calls, sent(JSON.stringify({ c: "200010", t: "2026-10-03 00:00:59" })));
    const args = ["--config", config, "--brokers", brokers.join(","), "--workers", "3", "--quiet"];
    const { code, stdout } = await replayed(...args, ...window, "--report", "json");
    expect(code).toBe(0);
    const { counts } = JSON.parse(stdout) as { counts: Record<string, unknown>[] };
    expect(counts).toHaveLength(2);
    expect(counts).toEqual(
      expect.arrayContaining([
        expect.objectContaining({ topic: calls, scope: "voice_receipt", category: "power_off", count: 1 }),
        expect.objectContaining({ topic: sms, scope: "sms_receipt", category: "unknown", count: 1 }),
      ]),
    );
  });

  it("needs no consumer group", async () => {
    const asked = new Set<number>();
    const way = await tamper(brokers[0] ?? "", (_, { api }) => void asked.add(api));
    const { code } = await replayed(...flags(way.address), ...window);
    way.close();
    expect(code).toBe(0);
    const [fetch, offsetCommit, findCoordinator, joinGroup] = [1, 8, 10, 11];
    expect(asked).toContain(fetch);
    for (const ofGroups of [offsetCommit, findCoordinator, joinGroup]) expect(asked).not.toContain(ofGroups);
  });

  it("has an empty window as a result like any other", async () => {
    const empty = ["--from", "2001-01-01", "--to", "2001-01-02"];
    const { code, stdout, stderr } = await replayed(...flags(), ...empty, "--report", "json");
    expect(stderr).toBe("");
    expect(JSON.parse(stdout)).toMatchObject({ receipts: 0, counts: [], gaps: [] });
    expect(code).toBe(0);
  });

  it.each([
    {
      name: "a topic that does not exist",
      args: ["--topic", "nowhere"],
      says: "topic nowhere does not exist",
    },
    {
      name: "a file that can't be written",
      args: ["--openmetrics", "/nowhere/october.txt"],
      says: "cannot write /nowhere/october.txt: there is no such folder",
    },
    {
      name: "a state that can't be written",
      args: ["--resume", "/nowhere/october.state"],
      says: "cannot write /nowhere/october.state: there is no such folder",
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
});
