import { stripVTControlCharacters } from "node:util";
import { describe, expect, it } from "vitest";
import type { ActiveAlert } from "../../src/demo/alerts.ts";
import { type Frame, renderLine, renderTable } from "../../src/demo/table.ts";

const frame: Frame = {
  seconds: 12,
  receipts: 4800,
  malformed: 3,
  lag: 40,
  categories: [
    { name: "blacklist", total: 50, perMinute: 249.6 },
    { name: "busy", total: 0, perMinute: 0 },
    { name: "delivered", total: 4700, perMinute: 23_500 },
    { name: "power_off", total: 50, perMinute: 250 },
  ],
  alerts: undefined,
};

const spike: ActiveAlert = {
  name: "DlrBlacklistSpike",
  severity: "critical",
  state: "firing",
  subject: "aliyun sms",
  hit: "signature A: 57%.",
};
const down: ActiveAlert = {
  name: "DlrExporterDown",
  severity: "critical",
  state: "pending",
  subject: "",
  hit: "",
};

describe("renderTable", () => {
  it("shows the categories that occurred, the most frequent first", () => {
    expect(renderTable(frame, 24).map(stripVTControlCharacters)).toEqual([
      "   12 s      4,800 receipts       40 records behind",
      "category                       total    per minute",
      "delivered                      4,700        23,500",
      "blacklist                         50           250",
      "power_off                         50           250",
      "malformed records                  3",
    ]);
  });

  it("leaves out the rarest when the terminal is low, and says so", () => {
    const lines = renderTable(frame, 4);
    expect(lines.length).toBeLessThanOrEqual(4);
    expect(lines.at(-1)).toContain("and 2 more categories");
  });

  it("shows the alerts below, also when the terminal is low", () => {
    const lines = renderTable({ ...frame, alerts: [spike, down] }, 7).map(stripVTControlCharacters);
    expect(lines).toHaveLength(7);
    expect(lines.slice(-3)).toEqual([
      "alert                          state      severity",
      "DlrBlacklistSpike             firing      critical  aliyun sms  signature A: 57%.",
      "DlrExporterDown              pending      critical",
    ]);
    expect(renderTable({ ...frame, alerts: [] }, 24).at(-1)).toBe("none");
  });
});

describe("renderLine", () => {
  it("says the same in one line", () => {
    expect(renderLine(frame)).toBe(
      "12 s, 4,800 receipts: delivered 4,700 (23,500/min), blacklist 50 (250/min), power_off 50 (250/min), malformed 3",
    );
  });

  it("ends with the alerts, where Prometheus is asked", () => {
    expect(renderLine({ ...frame, alerts: [spike, down] })).toMatch(
      /malformed 3; alerts: DlrBlacklistSpike aliyun sms firing \(critical\): signature A: 57%\., DlrExporterDown pending \(critical\)$/,
    );
    expect(renderLine({ ...frame, alerts: [] })).toMatch(/malformed 3; alerts: none$/);
  });
});
