import { fileURLToPath } from "node:url";
import { z } from "zod";
import { startPrometheus } from "../../test/lab/prometheus.ts";

/** A pending or firing alert. */
export interface ActiveAlert {
  readonly name: string;
  readonly severity: string;
  /** `pending` until the condition has lasted for the rule's `for`. */
  readonly state: "pending" | "firing";
  /** Its subject: the provider and channel, topic or instance. */
  readonly subject: string;
  /** The most affected value of each dimension, as in the alert's text; empty without dimensions. */
  readonly hit: string;
}

/** A Prometheus with the project's rules that scrapes one exporter. */
export interface AlertWatch {
  /** The address of Prometheus. */
  readonly address: string;
  /** What is pending or firing now, firing alerts first. */
  active(): Promise<ActiveAlert[]>;
  stop(): Promise<void>;
}

const alertsAnswer = z.object({
  data: z.object({
    alerts: z.array(
      z.object({
        labels: z.record(z.string(), z.string()),
        annotations: z.record(z.string(), z.string()).default({}),
        state: z.enum(["pending", "firing"]),
      }),
    ),
  }),
});

const grafana = fileURLToPath(new URL("../../grafana", import.meta.url));

/** @param port of the exporter's /metrics on this machine */
export async function watchAlerts(port: number): Promise<AlertWatch> {
  const { address, get, stop } = await startPrometheus(
    {
      global: { scrape_interval: "5s", evaluation_interval: "15s" },
      rule_files: [`${grafana}/rules/*.rules.yml`],
      scrape_configs: [{ job_name: "dlr-exporter", static_configs: [{ targets: [`127.0.0.1:${port}`] }] }],
    },
    grafana,
  );
  return { address, active: async () => readAlerts(await get("/api/v1/alerts")), stop };
}

/** Parses the response of `/api/v1/alerts`. @throws ZodError when it is invalid */
export function readAlerts(answer: unknown): ActiveAlert[] {
  return alertsAnswer
    .parse(answer)
    .data.alerts.map(({ labels, annotations, state }) => ({
      name: labels.alertname ?? "",
      severity: labels.severity ?? "",
      state,
      subject: ["provider", "channel", "topic", "instance"].flatMap((label) => labels[label] ?? []).join(" "),
      hit: /Hit most: (.*)$/.exec(annotations.description ?? "")?.[1] ?? "",
    }))
    .toSorted((a, b) => a.state.localeCompare(b.state) || a.name.localeCompare(b.name));
}
