import { spawn } from "node:child_process";
import { fileURLToPath } from "node:url";
import { afterEach, expect, it } from "vitest";
import { prometheusMissing } from "../grafana/prometheus.ts";
import { ending } from "../lab/guarded.ts";
import { consume, createTopic, randomName, withAdmin } from "./harness.ts";
import { describeWithBroker } from "./with-broker.ts";

const demoModule = fileURLToPath(new URL("../../src/demo/main.ts", import.meta.url));

const withAlerts = prometheusMissing === undefined || process.env.CI === "true";
if (!withAlerts) console.warn(`the demo's alerts are not tried: ${prometheusMissing}`);

describeWithBroker("the demo on a broker that is given", ({ brokers }) => {
  /** Runs the demo; `interruptWhen` is the text on stdout that brings it a Ctrl-C. */
  async function runDemo(args: string[], interruptWhen?: string) {
    const env = { ...process.env, KAFKA_BROKERS: brokers.join(",") };
    const child = spawn(process.execPath, [demoModule, ...args], { env });
    if (interruptWhen !== undefined) {
      let said = "";
      child.stdout.on("data", (chunk: Buffer) => {
        const before = said.includes(interruptWhen);
        said += chunk;
        // once: a second one would end it at once
        if (!before && said.includes(interruptWhen)) child.kill("SIGINT");
      });
    }
    const { stdout, stderr, code } = await ending(child);
    return { output: stdout, errors: stderr, code };
  }

  afterEach(async () => {
    const { topics, groups } = await withAdmin(brokers, async (admin) => ({
      topics: await admin.listTopics(),
      groups: (await admin.listGroups()).groups,
    }));
    expect(topics.filter((name) => name.startsWith("dlr.demo."))).toEqual([]);
    expect(groups.filter(({ groupId }) => groupId.startsWith("dlr.demo."))).toEqual([]);
  });

  it("counts all that it sends exactly, ends by itself and removes its topic and group", async () => {
    const { output, errors, code } = await runDemo(["--seconds", "6", "--rate", "300", "--seed", "5"]);
    expect(errors).toContain("(from KAFKA_BROKERS)");
    expect(output).toMatch(/^metrics: http:\/\/127\.0\.0\.1:\d+\/metrics$/m);
    expect(output).toMatch(/^1,80\d receipts in [\d,]+ records: every code counted exactly\.$/m);
    expect(code).toBe(0);
  });

  it("ends in order at Ctrl-C, and with it the Prometheus whose alerts it shows", async () => {
    const { output, errors, code } = await runDemo(
      withAlerts ? ["--alerts"] : [],
      withAlerts ? "; alerts: " : " receipts: ",
    );
    expect(errors).toContain("stopping what the demo started");
    expect(code).toBe(0);
    // a line every five seconds, of which this is the first
    expect(output).toMatch(/^\d+ s, [\d,]+ receipts: .*malformed /m);
    if (!withAlerts) return;
    const [, address = ""] = /^Prometheus: (http:\/\/127\.0\.0\.1:\d+)\/alerts$/m.exec(output) ?? [];
    expect(output).toMatch(/; alerts: (?:none|Dlr.+ (?:pending|firing) \(\w+\))$/m);
    await expect(fetch(address)).rejects.toThrow("fetch failed");
  });

  it("feeds a topic of somebody else, and leaves it there", async () => {
    const topic = randomName("fed");
    await createTopic(brokers, topic, 2);
    const { output, code } = await runDemo(["--feed", topic, "--seconds", "2", "--rate", "100"]);
    expect(code).toBe(0);
    const [, receipts = ""] =
      new RegExp(`([\\d,]+) receipts sent to ${topic}, of them \\d+ blacklist\n$`).exec(output) ?? [];
    expect(Number(receipts)).toBeGreaterThanOrEqual(200);
    // a record holds up to five receipts, or none
    const records = await consume(brokers, topic, 120);
    expect(records.filter((value) => value.includes("DELIVR")).length).toBeGreaterThan(50);
  });

  it("feeds no topic that there is not", async () => {
    const { errors, code } = await runDemo(["--feed", randomName("nowhere")]);
    expect(errors).toMatch(/topic nowhere\.\w+ does not exist at /);
    expect(code).toBe(1);
  });
});

it.each([
  { args: ["--rate", "many"], says: "--rate takes a whole number from 1 on", code: 2 },
  { args: ["--feed", "sms", "--alerts"], says: "--alerts and --feed exclude each other", code: 2 },
  { args: ["--feed", "sms"], says: "--feed takes the address of the Kafka from KAFKA_BROKERS", code: 2 },
  { args: ["--alerts"], says: "--alerts can't show any: prometheus is not installed", code: 1 },
])("says what is wrong with $args", async ({ args, says, code }) => {
  // neither Kafka nor Prometheus
  const child = spawn(process.execPath, [demoModule, ...args], { env: { PATH: "" } });
  const ended = await ending(child);
  expect(ended.stderr).toContain(says);
  expect(ended.code).toBe(code);
});
