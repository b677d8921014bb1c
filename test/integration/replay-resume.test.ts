import { mkdtemp, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { afterAll, beforeAll, expect, it } from "vitest";
import { receiptOf, runFlags, untilCounted } from "./counting.ts";
import { createTopic, produce, randomName, startExporter, withAdmin } from "./harness.ts";
import { begun, recently, replayed } from "./replaying.ts";
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
    const args = ["--brokers", brokers.join(","), "--topic", topic, ...recently(), "--quiet"];
    const whole = await replayed(...args, "--openmetrics", "-");
    expect(whole.code).toBe(0);

    await writeFile(file, "the version before\n");
    const resuming = [...args, "--openmetrics", file, "--resume", join(folder, "long.state")];
    let stops = 0;
    for (let wait = 400; ; wait += 200) {
      const { child, ended } = begun(...resuming, "--workers", String(1 + (stops % 3)));
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
          /stopped (after [\d,]+ of [\d,]+ records .*|before the first record); give the same command again to go on/,
        );
      }
    }
    expect(stops).toBeGreaterThan(0);
    expect(await readFile(file, "utf8")).toBe(whole.stdout);
    expect(await committed()).toEqual(offsets);
  });
});
