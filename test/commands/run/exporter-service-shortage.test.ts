import { describe, expect, it } from "vitest";
import { startExporter } from "../../lab/exporter.ts";

describe("a run whose snapshots have no room for the totals by category", () => {
  it("says so at the start, and is not ready", async () => {
    const exporter = await startExporter(["--brokers", "127.0.0.1:1"], { DLR_METADATA_LIMIT: "256" });
    const ready = await exporter.get("/-/ready");
    expect(ready.status).toBe(503);
    const words = "the totals by category of topic dlr.receipts can need";
    expect(await ready.text()).toContain(words);
    expect(exporter.log()).toContain(words);
    expect(await exporter.metrics()).toMatch(/^dlr_ready 0$/m);
    expect(await exporter.stop()).toBe(0);
  });
});
