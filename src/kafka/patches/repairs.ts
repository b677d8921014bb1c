import { readdirSync } from "node:fs";
import { createRequire } from "node:module";
import { dirname, join } from "node:path";

/**
 * kafkajs 2.2.4 is the last release, and four of its bugs would cost counts, sleep or memory. Each is fixed here in
 * place, after checking that the code is that of 2.2.4:
 *
 * - For an offset that retention has deleted, it commits the log's start without metadata, which wipes the
 *   counts in the group's metadata. The fix only moves its own position.
 * - Batches that hold only transaction markers, aborted or compacted records never reach `eachBatch`, so the
 *   position would advance without the ledger. With the fix they arrive, without messages.
 * - Each connection polls its request queue every millisecond forever (kafkajs#1751), and warns about a
 *   negative timeout on Node 24. With the fix it waits only while a request is pending.
 * - Each connection keeps an empty remainder after an answer, and copies the next answer to append it. The fix
 *   keeps the answer as it is.
 */
export function repairKafkajs(): void {
  if (repaired) return;
  repaired = true;
  const require = createRequire(import.meta.url);
  const { version } = require("kafkajs/package.json") as { version: string };
  const OffsetManager = require("kafkajs/src/consumer/offsetManager/index.js") as Class<OffsetManagerPart>;
  const Batch = require("kafkajs/src/consumer/batch.js") as Class<BatchPart>;
  const RequestQueue = require("kafkajs/src/network/requestQueue/index.js") as Class<RequestQueuePart>;
  const Connection = require("kafkajs/src/network/connection.js") as Class<ConnectionPart>;
  const found =
    version === "2.2.4" &&
    typeof OffsetManager.prototype.setDefaultOffset === "function" &&
    typeof Batch.prototype.isEmpty === "function" &&
    typeof RequestQueue.prototype.scheduleCheckPendingRequests === "function" &&
    typeof Connection.prototype.processData === "function";
  if (!found) {
    throw new Error(`kafkajs ${version} is not the 2.2.4 that this program is built for: run npm ci`);
  }

  OffsetManager.prototype.setDefaultOffset = async function ({ topic, partition }) {
    const [found] = await this.cluster.fetchTopicsOffset([
      { topic, partitions: [{ partition }], fromBeginning: true },
    ]);
    const offset = found?.partitions[0]?.offset;
    const positions = this.resolvedOffsets[topic];
    if (offset !== undefined && positions !== undefined) positions[partition] = offset;
  };

  Batch.prototype.isEmpty = function () {
    return this.rawMessages.length === 0;
  };

  RequestQueue.prototype.scheduleCheckPendingRequests = function () {
    if (this.pending.length === 0 || this.throttleCheckTimeoutId !== null) return;
    const delay = Math.max(this.throttledUntil - Date.now(), pendingCheckInterval);
    this.throttleCheckTimeoutId = setTimeout(() => {
      this.throttleCheckTimeoutId = null;
      this.checkPendingRequests();
    }, delay);
  };

  const { processData } = Connection.prototype;
  Connection.prototype.processData = function (data) {
    if (this.bytesBuffered === 0) this.chunks = [];
    processData.call(this, data);
  };
}

let repaired = false;

/**
 * Loads all of kafkajs' requests now. It would load each on first use, and a program whose files are upgraded while
 * it runs would crash then.
 */
export function loadRequests(): void {
  const require = createRequire(import.meta.url);
  const folder = dirname(require.resolve("kafkajs/src/protocol/requests/index.js"));
  for (const file of readdirSync(folder, { recursive: true, encoding: "utf8" })) {
    if (file.endsWith(".js")) require(join(folder, file));
  }
}

/** kafkajs' own interval for pending requests that are not throttled, in ms. */
const pendingCheckInterval = 10;

interface Class<Part> {
  readonly prototype: Part;
}

interface OffsetManagerPart {
  readonly cluster: {
    fetchTopicsOffset(
      topics: { topic: string; partitions: { partition: number }[]; fromBeginning: boolean }[],
    ): Promise<{ partitions: { offset: string }[] }[]>;
  };
  readonly resolvedOffsets: Record<string, Record<number, string>>;
  setDefaultOffset(this: OffsetManagerPart, at: { topic: string; partition: number }): Promise<void>;
}

interface BatchPart {
  readonly rawMessages: readonly unknown[];
  isEmpty(this: BatchPart): boolean;
}

interface RequestQueuePart {
  readonly pending: readonly unknown[];
  readonly throttledUntil: number;
  throttleCheckTimeoutId: NodeJS.Timeout | null;
  checkPendingRequests(): void;
  scheduleCheckPendingRequests(this: RequestQueuePart): void;
}

interface ConnectionPart {
  readonly bytesBuffered: number;
  chunks: Buffer[];
  processData(this: ConnectionPart, data: Buffer): void;
}
