import { cpSync, mkdirSync, mkdtempSync, readdirSync, rmSync, symlinkSync } from "node:fs";
import { tmpdir } from "node:os";
import { join, resolve } from "node:path";
import { afterAll, expect, it } from "vitest";
import { receiptsOf, runFlags, untilCounted } from "./counting.ts";
import { createTopic, type ExporterProcess, produce, randomName, startExporter, waitFor } from "./harness.ts";
import { describeWithBroker } from "./with-broker.ts";

/** What is exchanged by an upgrade, copied; all else is as it is installed. */
const exchanged = ["kafkajs", "pino", "prom-client", "yaml", "zod"];

describeWithBroker("a program whose files are taken away while it runs", ({ brokers }) => {
  const folder = mkdtempSync(join(tmpdir(), "dlr-upgrade-"));
  let exporter: ExporterProcess | undefined;

  afterAll(async () => {
    await exporter?.kill9();
    rmSync(folder, { recursive: true });
  });

  it("counts on through a rebalance and a reload of its map", async () => {
    const topic = randomName("upgrade");
    await createTopic(brokers, topic, 2);
    for (const part of ["src", "config", "package.json"])
      cpSync(part, join(folder, part), { recursive: true });
    const modules = join(folder, "node_modules");
    mkdirSync(modules);
    for (const name of readdirSync("node_modules")) {
      if (exchanged.includes(name))
        cpSync(join("node_modules", name), join(modules, name), { recursive: true });
      else symlinkSync(resolve("node_modules", name), join(modules, name));
    }
    exporter = await startExporter(runFlags(brokers, [topic]), {}, join(folder, "src/main.ts"));
    await produce(brokers, topic, receiptsOf("12", 4));
    await untilCounted(exporter, brokers, topic);
    rmSync(join(folder, "src"), { recursive: true });
    for (const name of exchanged) rmSync(join(modules, name), { recursive: true });

    const other = await startExporter(runFlags(brokers, [topic]));
    await waitFor(async () => /^dlr_rebalances_total [2-9]/m.test((await exporter?.metrics()) ?? ""), {
      what: "a rebalance",
    });
    expect(await other.stop()).toBe(0);
    await produce(brokers, topic, receiptsOf("024", 4));
    expect((await untilCounted(exporter, brokers, topic)).codes).toEqual({ "12": 4, "024": 4 });
    const reloaded = await fetch(`http://127.0.0.1:${exporter.port}/-/reload`, { method: "POST" });
    expect(reloaded.status).toBe(200);
    expect(await exporter.stop()).toBe(0);
    exporter = undefined;
  });
});
