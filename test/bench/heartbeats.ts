import { parseMetrics, sumBy } from "../integration/harness.ts";
import { checkCounted } from "./compare.ts";
import { median } from "./figures.ts";
import { inGroup, startRun } from "./programs.ts";
import { createBenchTopic, removeBenchTopic } from "./topic.ts";
import type { Workload } from "./workload.ts";

/** The shortest session that brokers allow by default, and five of them. In ms. */
const sessionMs = 6_000;
const scrapingMs = 5 * sessionMs;

/**
 * Scrapes a `run` without a pause while it catches up and after that: once a page has arrived the next is asked for. Its
 * session is so short that two heartbeats which fail to leave in time cost it its partitions.
 *
 * @returns a sentence with what was measured
 * @throws Error when the group took its partitions away, a commit failed, it was not ready, or a total is wrong
 */
export async function scrapeWithoutPause(brokers: readonly string[], workload: Workload): Promise<string> {
  const topic = await createBenchTopic(brokers, workload);
  try {
    const { waits, page } = await inGroup(topic, async (bench, group) => {
      const env = { ...bench.env, DLR_SESSION_TIMEOUT_MS: String(sessionMs) };
      const exporter = await startRun(topic, group, { ...bench, env });
      try {
        return await scrapes(exporter.metrics, bench.elapsed);
      } finally {
        await exporter.stop();
      }
    });
    const receipts = parseMetrics(page).filter(({ name }) => name === "dlr_receipts_total");
    checkCounted(
      "`run`",
      sumBy(receipts, "dlr_receipts_total", ({ code = "" }) => code),
      topic,
    );
    const live = receipts.filter(({ value }) => value > 0).length;
    return (
      `A \`run\` with these partitions and sessions of ${sessionMs / 1000} s was scraped ${waits.length} times in ` +
      `${scrapingMs / 1000} s, one scrape after the other, while it counted ${workload.messages} receipts into ` +
      `${live} live cells. It lost no partition and no commit failed. Pages arrived after ` +
      `${median(waits).toFixed(0)} ms in the median, ${Math.max(...waits).toFixed(0)} ms at most.`
    );
  } finally {
    await removeBenchTopic(topic);
  }
}

async function scrapes(
  scrape: () => Promise<string>,
  elapsed: () => number,
): Promise<{ waits: number[]; page: string }> {
  const waits: number[] = [];
  let wasReady = false;
  let page = "";
  while (elapsed() * 1000 < scrapingMs) {
    const start = performance.now();
    page = await scrape();
    const wait = performance.now() - start;
    const ready = valueIn(page, "dlr_ready") === 1;
    if (wasReady && !ready) throw new Error("the exporter was ready and then was not");
    wasReady = ready;
    if (valueIn(page, "dlr_rebalances_total") > 1) throw new Error("the group has taken the partitions away");
    if (/^dlr_checkpoint_failures_total\{.*\} [1-9]/m.test(page)) throw new Error("a commit has failed");
    if (ready) waits.push(wait);
  }
  if (!wasReady) throw new Error("the exporter was never ready");
  return { waits, page };
}

/** The value of a metric without labels: parsing every page as a whole would take longer than writing it. */
function valueIn(page: string, name: string): number {
  const [, value] = new RegExp(`^${name} (\\S+)$`, "m").exec(page) ?? [];
  return Number(value);
}
