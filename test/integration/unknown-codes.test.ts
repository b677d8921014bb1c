import { spawn } from "node:child_process";
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, expect, it } from "vitest";
import { mainModule } from "../lab/exporter.ts";
import { type Ended, ending } from "../lab/guarded.ts";
import { type PrometheusProcess, prometheusMissing, startPrometheus } from "../lab/prometheus.ts";
import { receiptOf, runFlags } from "./counting.ts";
import {
  createTopic,
  type ExporterProcess,
  parseMetrics,
  produce,
  randomName,
  startExporter,
  sumBy,
  waitFor,
} from "./harness.ts";
import { describeWithBroker } from "./with-broker.ts";

const missing = prometheusMissing();
if (missing !== undefined) console.warn(`codes unknown --prometheus is not tried: ${missing}`);

/** A carrier's code that Aliyun's tables do not list, and on which others agree. */
const code = "DB:0144";

/** What an operator has of their own. */
const mine = `# Ours.
version: 1
providers:
  aliyun:
    sms_receipt:
      codes:
        "OURS:1": { category: blacklist } # by ticket 12
`;

/** Receipts of ten minutes ago: the minute that is running is none of a replay to now. */
function receiptsOf(err_code: string, count: number): string[] {
  const local = new Date(Date.now() - 600_000 + 8 * 3_600_000).toISOString();
  const rept_time = local.slice(0, 19).replace("T", " ");
  const receipt = { ...JSON.parse(receiptOf(err_code)), send_time: rept_time, rept_time };
  return Array.from({ length: count }, () => JSON.stringify(receipt));
}

interface Found {
  readonly code: string;
  readonly count: number;
  readonly share: number;
  readonly first_seen: string;
  readonly last_seen: string;
}

describeWithBroker("an unknown code, from where it shows to where it counts", ({ brokers }) => {
  const folder = mkdtempSync(join(tmpdir(), "dlr-unknown-"));
  const topic = randomName("unknown");
  const file = join(folder, "mine.yaml");
  let exporter: ExporterProcess | undefined;
  let prometheus: PrometheusProcess | undefined;

  afterAll(async () => {
    await prometheus?.stop();
    await exporter?.kill9();
    rmSync(folder, { recursive: true });
  });

  /** Pastes a line into a shell that knows the program. */
  const paste = (line: string): Promise<Ended> =>
    ending(spawn("bash", ["-c", `dlr-exporter() { '${process.execPath}' '${mainModule}' "$@"; }\n${line}`]));

  const common = [
    ...["--brokers", brokers.join(","), "--topic", topic, "--format", "tmc-sms", "--code-maps", file],
  ].join(" ");

  const jsonOf = async (line: string): Promise<Found[]> => {
    const { code: exit, stdout, stderr } = await paste(`dlr-exporter codes unknown ${line} --output json`);
    expect({ exit, stderr }).toEqual({ exit: 0, stderr: "" });
    return JSON.parse(stdout) as Found[];
  };

  const inPrometheus = async (series: string): Promise<string | undefined> => {
    const answer = (await prometheus?.get("/api/v1/query", { query: series })) as {
      data: { result: { value: [number, string] }[] };
    };
    return answer.data.result[0]?.value[1];
  };

  /** How many receipts of the code each category has. */
  const categories = async () => {
    const samples = parseMetrics((await exporter?.metrics()) ?? "").filter(
      ({ labels }) => labels.code === code,
    );
    return Object.fromEntries(
      [...sumBy(samples, "dlr_receipts_total", ({ category = "" }) => category)].filter(([, n]) => n > 0),
    );
  };

  it.skipIf(missing !== undefined && process.env.CI !== "true")(
    "takes a question, a patch, a check, a what-if and a reload, each one line",
    async () => {
      writeFileSync(file, mine);
      await createTopic(brokers, topic, 2);
      exporter = await startExporter([
        ...runFlags(brokers, [topic]),
        ...["--format", "tmc-sms", "--code-maps", file],
      ]);
      const scrape = {
        job_name: "dlr-exporter",
        static_configs: [{ targets: [`127.0.0.1:${exporter.port}`] }],
      };
      prometheus = await startPrometheus(
        { global: { scrape_interval: "1s" }, scrape_configs: [scrape] },
        folder,
      );
      await waitFor(async () => (await inPrometheus("dlr_receipts_total")) !== undefined, {
        what: "the zeros",
      });

      const before = Date.now();
      await produce(brokers, topic, [...receiptsOf(code, 5), ...receiptsOf("12", 15)]);
      await waitFor(async () => (await inPrometheus(`sum(dlr_receipts_total{code="${code}"})`)) === "5", {
        what: `${code} in Prometheus`,
      });

      const known = await jsonOf(`--prometheus ${prometheus.address} --since 1h --code-maps ${file}`);
      expect(known).toMatchObject([
        { provider: "aliyun", scope: "sms_receipt", code, outcome: "failed", agreement: "agreed" },
      ]);
      expect(known[0]).toMatchObject({ suggestions: [{ category: "blacklist", sources: 3 }] });
      expect(known[0]?.count).toBe(5);
      expect(known[0]?.share).toBeCloseTo(0.25, 1);
      // To the step of 15 s.
      const [first, last] = [known[0]?.first_seen ?? "", known[0]?.last_seen ?? ""].map((at) =>
        Date.parse(at),
      );
      expect(first).toBeGreaterThan(before - 35_000);
      expect(first).toBeLessThanOrEqual(Date.now());
      expect(last).toBeGreaterThanOrEqual(first ?? 0);

      const inKafka = await jsonOf(`${common} --from -1h`);
      expect(inKafka).toMatchObject([{ code, count: 5, share: 0.25, agreement: "agreed" }]);
      expect(Date.parse(inKafka[0]?.first_seen ?? "")).toBeGreaterThan(before - 700_000);
      const atExporter = await jsonOf(`--exporter http://127.0.0.1:${exporter.port} --code-maps ${file}`);
      expect(atExporter).toMatchObject([{ code, count: 5, share: 0.25, first_seen: null }]);

      const asked = `--prometheus ${prometheus.address} --since 1h --port ${exporter.port} ${common}`;
      const patched = await paste(`dlr-exporter codes unknown ${asked} --patch ${file} --accept high`);
      expect(patched).toMatchObject({ code: 0, stderr: "" });
      expect(readFileSync(file, "utf8").startsWith(mine)).toBe(true);
      const [check = "", whatIf = "", reload = ""] = patched.stdout.split("\n\n").at(-1)?.split("\n") ?? [];

      expect(await paste(check)).toMatchObject({ code: 0, stderr: "" });
      const compared = await paste(whatIf);
      expect(compared.code).toBe(0);
      expect(compared.stdout).toContain("5 of 20 receipts would move (25.0 %).");
      expect(compared.stdout).toMatch(
        /^aliyun +sms_receipt +DB:0144 +unknown \(failed\) +blacklist \(failed\) +5$/m,
      );
      expect(await categories()).toEqual({ unknown: 5 });

      const [, address = ""] = /^curl -X POST (\S+)$/.exec(reload) ?? [];
      expect((await fetch(address, { method: "POST" })).status).toBe(200);
      await produce(brokers, topic, receiptsOf(code, 4));
      await waitFor(async () => (await categories()).blacklist === 4, { what: "the code among blacklist" });
      expect(await categories()).toEqual({ unknown: 5, blacklist: 4 });
    },
  );
});
