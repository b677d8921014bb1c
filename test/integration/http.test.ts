import { spawnSync } from "node:child_process";
import { afterAll, beforeAll, expect, it } from "vitest";
import { version } from "../../src/commands/version.ts";
import { writeSettings } from "../../src/demo/settings.ts";
import { definitions } from "../../src/metrics/definitions.ts";
import {
  logEntries,
  lookForDuplicates,
  runFlags,
  runToEnd,
  timedReceiptOf,
  untilCounted,
} from "./counting.ts";
import {
  createTopic,
  type ExporterProcess,
  parseMetrics,
  produce,
  randomName,
  startExporter,
  waitFor,
} from "./harness.ts";
import { describeWithBroker } from "./with-broker.ts";

const promtoolMissing =
  spawnSync("promtool", ["--version"]).error === undefined
    ? undefined
    : "promtool is not installed (Debian: apt install prometheus)";
if (promtoolMissing !== undefined) console.warn(`the metrics' text is not checked: ${promtoolMissing}`);

const get = "GET, HEAD";
const change = "POST, PUT";
const requests = [
  { method: "GET", path: "/", status: 200, type: "text/html; charset=utf-8", body: "dlr-exporter" },
  {
    method: "GET",
    path: "/metrics",
    status: 200,
    type: "text/plain; version=0.0.4; charset=utf-8",
    body: "# HELP",
  },
  { method: "GET", path: "/?lang=zh", status: 200, type: "text/html; charset=utf-8", body: "就绪" },
  {
    method: "GET",
    path: "/-/status",
    status: 200,
    type: "application/json; charset=utf-8",
    body: '"ready": true',
  },
  { method: "HEAD", path: "/-/status", status: 200, body: "" },
  { method: "POST", path: "/-/status", status: 405, allow: get, body: "POST is not allowed for /-/status\n" },
  { method: "GET", path: "/metrics?name=dlr", status: 200, body: "# HELP" },
  { method: "GET", path: "/-/healthy", status: 200, body: "healthy\n" },
  { method: "GET", path: "/-/ready", status: 200, body: "ready\n" },
  { method: "POST", path: "/-/reload", status: 200, body: "code map reloaded\n" },
  { method: "PUT", path: "/-/reload", status: 200, body: "code map reloaded\n" },
  { method: "HEAD", path: "/metrics", status: 200, body: "" },
  { method: "HEAD", path: "/-/ready", status: 200, body: "" },
  { method: "HEAD", path: "/", status: 200, body: "" },
  {
    method: "GET",
    path: "/-/reload",
    status: 405,
    allow: change,
    body: "GET is not allowed for /-/reload\n",
  },
  { method: "HEAD", path: "/-/reload", status: 405, allow: change, body: "" },
  { method: "POST", path: "/metrics", status: 405, allow: get, body: "POST is not allowed for /metrics\n" },
  { method: "DELETE", path: "/", status: 405, allow: get, body: "DELETE is not allowed for /\n" },
  {
    method: "POST",
    path: "/-/healthy",
    status: 405,
    allow: get,
    body: "POST is not allowed for /-/healthy\n",
  },
  { method: "PUT", path: "/-/ready", status: 405, allow: get, body: "PUT is not allowed for /-/ready\n" },
  { method: "GET", path: "/metric", status: 404, body: "not found; see /\n" },
  { method: "GET", path: "/-/", status: 404, body: "not found; see /\n" },
  { method: "GET", path: "/toString", status: 404, body: "not found; see /\n" },
  { method: "GET", path: "/__proto__", status: 404, body: "not found; see /\n" },
].map((request) => ({ name: `${request.method} ${request.path}`, ...request }));

describeWithBroker("what the exporter serves", ({ brokers }) => {
  const topic = randomName("http");
  let exporter: ExporterProcess;

  beforeAll(async () => {
    await createTopic(brokers, topic, 2);
    await produce(brokers, topic, ["DELIVRD", "12", "XL:1"].map(timedReceiptOf));
    await produce(brokers, topic, ['{"dest_code":"1","content":"TD"}']);
    const settings = await writeSettings(topic);
    await lookForDuplicates(settings.file);
    exporter = await startExporter([...runFlags(brokers, [topic]), "--config", settings.file]).finally(
      settings.remove,
    );
    await untilCounted(exporter, brokers, topic);
    // The group is asked who owns what a little after it was joined.
    await waitFor(async () => (await exporter.metrics()).includes("\ndlr_unowned_partitions{"), {
      what: "what is known of the group",
    });
  });

  afterAll(() => exporter?.stop());

  it.each(requests)("$name: $status", async ({ method, path, status, type, allow, body }) => {
    const response = await fetch(`http://127.0.0.1:${exporter.port}${path}`, { method });
    expect(response.status).toBe(status);
    if (type !== undefined) expect(response.headers.get("content-type")).toBe(type);
    expect(response.headers.get("allow")).toBe(allow ?? null);
    const text = await response.text();
    if (body.endsWith("\n") || body === "") expect(text).toBe(body);
    else expect(text).toContain(body);
    if (method === "HEAD") expect(Number(response.headers.get("content-length"))).toBeGreaterThan(0);
  });

  it("gzips the metrics for those who ask for it", async () => {
    const accepts = (encoding: string) =>
      fetch(`http://127.0.0.1:${exporter.port}/metrics`, { headers: { "accept-encoding": encoding } });
    const [gzipped, plain] = [await accepts("gzip"), await accepts("gzip;q=0")];
    expect([gzipped, plain].map(({ headers }) => headers.get("content-encoding"))).toEqual(["gzip", null]);
    const [sent, whole] = [gzipped, plain].map(({ headers }) => Number(headers.get("content-length")));
    expect(sent).toBeLessThan((whole ?? 0) / 3);
    // of its own: what Node.js shows comes and goes
    const ours = (text: string) => parseMetrics(text).filter(({ name }) => name.startsWith("dlr_")).length;
    expect(ours(await gzipped.text())).toBe(ours(await plain.text()));
  });

  it("shows its version, its group and its partitions on the status page", async () => {
    const page = await (await exporter.get("/")).text();
    expect(page).toContain(`<h1>dlr-exporter ${version}</h1>`);
    expect(page).toContain(`<bdi>${topic}</bdi>`);
    expect(page).toContain("Ready: receipts are counted and committed.");
    for (const partition of [0, 1])
      expect(page).toContain(`<bdi>${topic}</bdi></th><td class="n">${partition}</td>`);
    for (const link of ["/metrics", "/-/healthy", "/-/ready", "/-/status"])
      expect(page).toContain(`href="${link}"`);
  });

  it.skipIf(promtoolMissing !== undefined && process.env.CI !== "true")(
    "writes metrics that promtool finds nothing wrong with",
    async () => {
      const { status, stdout, stderr } = spawnSync("promtool", ["check", "metrics"], {
        input: await exporter.metrics(),
        encoding: "utf8",
      });
      expect({ status, said: `${stdout}${stderr}` }).toEqual({ status: 0, said: "" });
    },
  );

  // only on what the table of a fallback has judged
  const perhaps = "fallback";

  it.each(Object.values(definitions))(
    "$name has its type, its help and exactly its labels",
    async (metric) => {
      const text = await exporter.metrics();
      expect(text).toContain(`# TYPE ${metric.name} ${metric.type}\n`);
      expect(text).toContain(`# HELP ${metric.name} ${metric.help}\n`);
      const samples = parseMetrics(text).filter(({ name }) => definedAs(name) === metric.name);
      expect(samples.length).toBeGreaterThan(0);
      for (const { name, labels } of samples) {
        const bucket = name.endsWith("_bucket") ? ["le"] : [];
        const shown = metric.labels.filter((label) => label !== perhaps);
        expect(Object.keys(labels).sort()).toEqual([...shown, ...bucket].sort());
      }
    },
  );

  it("shows no metric of its own that is not defined, and the process' own beside", async () => {
    const names = new Set(parseMetrics(await exporter.metrics()).map(({ name }) => definedAs(name)));
    const own = [...names].filter((name) => name.startsWith("dlr_"));
    expect(own.sort()).toEqual(
      Object.values(definitions)
        .map(({ name }) => name)
        .sort(),
    );
    expect(names).toContain("process_cpu_seconds_total");
    expect(names).toContain("nodejs_eventloop_lag_seconds");
  });

  it("ends with 1 and says why when its port is taken", async () => {
    const { code, log } = await runToEnd([...runFlags(brokers, [topic]), "--port", String(exporter.port)]);
    expect(code).toBe(1);
    const fatal = logEntries(log).filter(({ level }) => level === 60);
    expect(fatal).toHaveLength(1);
    expect(fatal[0]?.line).toMatch(new RegExp(`address already in use 0.0.0.0:${exporter.port}`));
    expect((await exporter.get("/-/ready")).status).toBe(200);
  });
});

/** The metric that a sample belongs to: a histogram has three names. */
function definedAs(name: string): string {
  const histograms = Object.values(definitions).filter(({ type }) => type === "histogram");
  return histograms.find((metric) => name.startsWith(metric.name))?.name ?? name;
}
