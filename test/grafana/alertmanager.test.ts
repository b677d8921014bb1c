import { spawnSync } from "node:child_process";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { z } from "zod";
import { waitFor } from "../integration/harness.ts";
import { Alertmanager, alertmanagerConfig, alertmanagerMissing, Pager } from "./alertmanager.ts";
import { readRules, readYaml } from "./files.ts";

if (alertmanagerMissing !== undefined) console.warn(`alertmanager.yml is not tried: ${alertmanagerMissing}`);
const withAlertmanager = describe.skipIf(alertmanagerMissing !== undefined && process.env.CI !== "true");

test("names only alerts that there are", () => {
  const { inhibit_rules } = z
    .object({
      inhibit_rules: z.array(
        z.object({ source_matchers: z.array(z.string()), target_matchers: z.array(z.string()) }),
      ),
    })
    .parse(readYaml(alertmanagerConfig));
  const named = inhibit_rules
    .flatMap(({ source_matchers, target_matchers }) => [...source_matchers, ...target_matchers])
    .flatMap((matcher) => matcher.match(/Dlr\w+/g) ?? []);
  const alerts = readRules().map(({ alert }) => alert);
  expect(named.length).toBeGreaterThan(10);
  expect(named.filter((name) => !alerts.includes(name))).toEqual([]);
});

withAlertmanager("amtool", () => {
  function amtool(...args: string[]): string {
    const { status, stdout, stderr } = spawnSync("amtool", args, { encoding: "utf8" });
    expect(status, `${stdout}${stderr}`).toBe(0);
    return stdout.trim();
  }

  test("takes the configuration", () => {
    expect(amtool("check-config", alertmanagerConfig)).toContain("2 receivers");
  });

  test.each([
    { severity: "critical", receiver: "page" },
    { severity: "warning", receiver: "ticket" },
    { severity: "info", receiver: "ticket" },
  ])("sends $severity to $receiver", ({ severity, receiver }) => {
    const route = ["config", "routes", "test", `--config.file=${alertmanagerConfig}`];
    expect(amtool(...route, `severity=${severity}`, "alertname=DlrExporterDown")).toBe(receiver);
  });
});

withAlertmanager("a running Alertmanager and the pager", () => {
  const job = "dlr-exporter";
  const aliyun = { job, provider: "aliyun", channel: "sms" };
  const huawei = { job, provider: "huawei", channel: "sms" };
  const tencent = { job, provider: "tencent", channel: "sms" };
  const volcengine = { job, provider: "volcengine", channel: "sms" };
  let alertmanager: Alertmanager;
  let pager: Pager;

  beforeAll(async () => {
    pager = await Pager.start();
    // without the waits
    alertmanager = await Alertmanager.start(pager.address, (config) =>
      config.replace(/group_wait: \w+/g, "group_wait: 1s"),
    );
  });

  afterAll(async () => {
    await alertmanager?.stop();
    await pager?.stop();
  });

  /** Fires alerts as Prometheus does. */
  async function fire(...alerts: Readonly<Record<string, string>>[]): Promise<void> {
    const body = alerts.map((labels) => ({
      labels,
      annotations: {
        description: `${labels.alertname} of ${labels.provider}.`,
        runbook_url: "runbook",
        ...(labels.alertname === "DlrBlacklistSlowBurn" ? { command: "dlr-exporter find" } : {}),
      },
    }));
    const { ok } = await fetch(`http://${alertmanager.address}/api/v2/alerts`, {
      method: "POST",
      headers: { "content-type": "application/json" },
      body: JSON.stringify(body),
    });
    expect(ok).toBe(true);
  }

  test("page what is critical, make tickets of the rest, and hold back what follows", async () => {
    await fire(
      { alertname: "DlrBlacklistSpike", severity: "critical", ...aliyun },
      { alertname: "DlrBlacklistSlowBurn", severity: "warning", ...aliyun },
      { alertname: "DlrBlacklistSpikeLate", severity: "warning", ...aliyun },
      { alertname: "DlrDeliveredShareLow", severity: "warning", ...aliyun },
      { alertname: "DlrBlacklistSpike", severity: "critical", ...huawei },
      { alertname: "DlrDeliveredShareLow", severity: "critical", ...huawei },
      { alertname: "DlrDeliveredShareLow", severity: "critical", ...tencent },
      { alertname: "DlrDeliveredShareLow", severity: "warning", ...tencent },
      { alertname: "DlrBlacklistSlowBurn", severity: "warning", ...tencent },
      { alertname: "DlrConsumerStalled", severity: "critical", job, topic: "a" },
      { alertname: "DlrConsumerBehind", severity: "warning", job, topic: "a" },
      { alertname: "DlrProviderSilent", severity: "warning", ...tencent },
      { alertname: "DlrProviderSilent", severity: "warning", ...tencent, job: "other" },
      { alertname: "DlrUnknownCodeSpike", severity: "warning", ...aliyun },
      { alertname: "DlrUnknownCodes", severity: "warning", ...aliyun },
      { alertname: "DlrValueSpike", severity: "critical", ...aliyun, category: "blacklist" },
      { alertname: "DlrCategorySpike", severity: "critical", ...huawei, category: "template_invalid" },
      { alertname: "DlrValueSpike", severity: "critical", ...huawei, category: "template_invalid" },
      { alertname: "DlrValueSpike", severity: "critical", ...volcengine, category: "unknown" },
      { alertname: "DlrValueSpike", severity: "warning", ...volcengine, category: "unknown" },
      { alertname: "DlrUnknownCodeSpike", severity: "warning", ...volcengine },
      { alertname: "DlrCategorySpike", severity: "warning", ...volcengine, category: "busy" },
      { alertname: "DlrValueSpike", severity: "warning", ...volcengine, category: "busy" },
      { alertname: "DlrPartitionsUnowned", severity: "critical", job: "unowned", topic: "a" },
      { alertname: "DlrProviderSilent", severity: "warning", ...tencent, job: "unowned" },
      { alertname: "DlrReceiptsMissing", severity: "warning", ...tencent, job: "unowned" },
      { alertname: "DlrReceiptsMissing", severity: "warning", ...tencent, job: "other" },
      { alertname: "DlrReceiptsMissing", severity: "warning", ...aliyun, job: "other" },
      { alertname: "DlrDeliverySlow", severity: "critical", ...huawei, job: "other" },
      { alertname: "DlrReceiptsMissing", severity: "warning", ...huawei, job: "other" },
      { alertname: "DlrConsumerBehind", severity: "warning", job: "unowned", topic: "b" },
      { alertname: "DlrExporterDown", severity: "critical", job: "down" },
      { alertname: "DlrExporterDown", severity: "warning", job: "down", instance: "a" },
      { alertname: "DlrConsumerStalled", severity: "critical", job: "down" },
      { alertname: "DlrPartitionsUnowned", severity: "critical", job: "down", topic: "a" },
    );
    await waitFor(() => pager.lines.length >= 16, { what: "sixteen messages" });
    expect(pager.lines.toSorted()).toEqual([
      "PAGE firing: DlrBlacklistSpike: DlrBlacklistSpike of aliyun. → runbook",
      "PAGE firing: DlrBlacklistSpike: DlrBlacklistSpike of huawei. → runbook",
      "PAGE firing: DlrCategorySpike: DlrCategorySpike of huawei. → runbook",
      "PAGE firing: DlrConsumerStalled: DlrConsumerStalled of undefined. → runbook",
      "PAGE firing: DlrDeliveredShareLow: DlrDeliveredShareLow of huawei. → runbook",
      "PAGE firing: DlrDeliveredShareLow: DlrDeliveredShareLow of tencent. → runbook",
      "PAGE firing: DlrDeliverySlow: DlrDeliverySlow of huawei. → runbook",
      "PAGE firing: DlrExporterDown: DlrExporterDown of undefined. → runbook",
      "PAGE firing: DlrPartitionsUnowned: DlrPartitionsUnowned of undefined. → runbook",
      "PAGE firing: DlrValueSpike: DlrValueSpike of volcengine. → runbook",
      "TICKET firing: DlrBlacklistSlowBurn: DlrBlacklistSlowBurn of tencent. $ dlr-exporter find → runbook",
      "TICKET firing: DlrCategorySpike: DlrCategorySpike of volcengine. → runbook",
      "TICKET firing: DlrConsumerBehind: DlrConsumerBehind of undefined. → runbook",
      "TICKET firing: DlrProviderSilent: DlrProviderSilent of tencent. → runbook",
      "TICKET firing: DlrReceiptsMissing: DlrReceiptsMissing of aliyun. → runbook",
      "TICKET firing: DlrUnknownCodeSpike: DlrUnknownCodeSpike of aliyun. → runbook",
    ]);
  });

  test("hold back nothing else", async () => {
    const alerts = z.array(z.object({ labels: z.record(z.string(), z.string()) }));
    const url = `http://${alertmanager.address}/api/v2/alerts?inhibited=true&active=false`;
    const held = alerts.parse(await (await fetch(url)).json()).map(({ labels }) => labels.alertname);
    expect(held.toSorted()).toEqual([
      "DlrBlacklistSlowBurn",
      "DlrBlacklistSpikeLate",
      "DlrConsumerBehind",
      "DlrConsumerStalled",
      "DlrDeliveredShareLow",
      "DlrDeliveredShareLow",
      "DlrExporterDown",
      "DlrPartitionsUnowned",
      "DlrProviderSilent",
      "DlrProviderSilent",
      "DlrReceiptsMissing",
      "DlrReceiptsMissing",
      "DlrReceiptsMissing",
      "DlrUnknownCodeSpike",
      "DlrUnknownCodes",
      "DlrValueSpike",
      "DlrValueSpike",
      "DlrValueSpike",
      "DlrValueSpike",
    ]);
  });

  test("the pager refuses what is no message", async () => {
    const before = pager.lines.length;
    for (const body of ["not json", "null", "{}", '{"alerts":1}', '{"alerts":[null]}']) {
      const { status } = await fetch(`http://${pager.address}/page`, { method: "POST", body });
      expect(status, body).toBe(400);
    }
    expect(pager.lines).toHaveLength(before);
  });
});
