import { spawn } from "node:child_process";
import { once } from "node:events";
import { text } from "node:stream/consumers";
import { fileURLToPath } from "node:url";
import { afterEach, expect, it } from "vitest";
import { withAdmin } from "./harness.ts";
import { describeWithBroker } from "./with-broker.ts";

const demoModule = fileURLToPath(new URL("../../src/demo/main.ts", import.meta.url));

describeWithBroker("the demo on a broker that is given", ({ brokers }) => {
  /** Runs the demo; `interruptWhen` is the text on stdout that brings it a Ctrl-C. */
  async function runDemo(args: string[], interruptWhen?: string) {
    const env = { ...process.env, KAFKA_BROKERS: brokers.join(",") };
    const child = spawn(process.execPath, [demoModule, ...args], { stdio: ["ignore", "pipe", "pipe"], env });
    if (interruptWhen !== undefined) {
      child.stdout.on("data", (chunk: Buffer) => {
        if (chunk.includes(interruptWhen)) child.kill("SIGINT");
      });
    }
    const [output, errors, [code]] = await Promise.all([
      text(child.stdout),
      text(child.stderr),
      once(child, "exit"),
    ]);
    return { output, errors, code: code as number };
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
    expect(output).toMatch(/^5 s, [\d,]+ receipts: delivered /m);
    expect(output).toMatch(/^1,80\d receipts in [\d,]+ records: every code counted exactly\.$/m);
    expect(code).toBe(0);
  });

  it("ends in order at Ctrl-C", async () => {
    const { errors, code } = await runDemo([], "receipts: delivered");
    expect(errors).toContain("stopping what the demo started");
    expect(code).toBe(0);
  });
});

it("says how the demo is used when it is used wrongly", async () => {
  const child = spawn(process.execPath, [demoModule, "--rate", "many"], {
    stdio: ["ignore", "ignore", "pipe"],
  });
  const [errors, [code]] = await Promise.all([text(child.stderr), once(child, "exit")]);
  expect(errors).toContain("--rate takes a whole number from 1 on");
  expect(code).toBe(2);
});
