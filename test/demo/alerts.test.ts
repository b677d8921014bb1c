import { describe, expect, it } from "vitest";
import { ZodError } from "zod";
import { readAlerts } from "../../src/demo/alerts.ts";
import { prometheusMissing, startPrometheus } from "../lab/prometheus.ts";

const missing = prometheusMissing();
if (missing !== undefined) console.warn(`alerts are not read from a real one: ${missing}`);

describe("readAlerts", () => {
  it("puts what fires first, and says what it is about", () => {
    const alert = (state: string, labels: Record<string, string>, description = "") => {
      return { state, labels, annotations: { description }, activeAt: "" };
    };
    const hit = "signature 示例大促: 57%. number_block unicom: 20%.";
    const alerts = [
      alert("pending", { alertname: "B", severity: "warning", job: "j", topic: "sms" }),
      alert("pending", { alertname: "A", severity: "critical", job: "j" }),
      alert(
        "firing",
        { alertname: "C", severity: "critical", channel: "sms", provider: "aliyun" },
        `22% of the receipts are blacklist. Hit most: ${hit}`,
      ),
    ];
    expect(readAlerts({ status: "success", data: { alerts } })).toEqual([
      { name: "C", severity: "critical", state: "firing", subject: "aliyun sms", hit },
      { name: "A", severity: "critical", state: "pending", subject: "", hit: "" },
      { name: "B", severity: "warning", state: "pending", subject: "sms", hit: "" },
    ]);
  });

  it("refuses what is no answer about alerts", () => {
    expect(() => readAlerts({ status: "error" })).toThrow(ZodError);
  });
});

describe.skipIf(missing !== undefined && process.env.CI !== "true")("a real Prometheus", () => {
  it("says what is wrong with its configuration", async () => {
    await expect(startPrometheus({ global: { scrape_interval: "often" } }, ".")).rejects.toThrow(
      /ended before it was ready:[\s\S]+scrape_interval|often/,
    );
  });
});
