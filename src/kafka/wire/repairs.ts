import manifest from "kafkajs/package.json" with { type: "json" };
import connection from "kafkajs/src/network/connection.js";
import requestQueue from "kafkajs/src/network/requestQueue/index.js";

/**
 * kafkajs 2.2.4 is the last release, and two bugs of its connections would cost sleep or memory. Each is fixed here in
 * place, after checking that the code is that of 2.2.4:
 *
 * - Each connection polls its request queue every millisecond forever (kafkajs#1751), and warns about a
 *   negative timeout on Node 24. With the fix it waits only while a request is pending.
 * - Each connection keeps an empty remainder after an answer, and copies the next answer to append it. The fix
 *   keeps the answer as it is.
 */
export function repairKafkajs(): void {
  if (repaired) return;
  repaired = true;
  const { version } = manifest;
  const RequestQueue = requestQueue as Class<RequestQueuePart>;
  const Connection = connection as Class<ConnectionPart>;
  const found =
    version === "2.2.4" &&
    typeof RequestQueue.prototype.scheduleCheckPendingRequests === "function" &&
    typeof Connection.prototype.processData === "function";
  if (!found) {
    throw new Error(`kafkajs ${version} is not the 2.2.4 that this program is built for: run npm ci`);
  }

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

/** kafkajs' own interval for pending requests that are not throttled, in ms. */
const pendingCheckInterval = 10;

interface Class<Part> {
  readonly prototype: Part;
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
