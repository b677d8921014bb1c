import { connect } from "node:net";
import { setTimeout as sleep } from "node:timers/promises";
import { splitHostPort } from "../../src/kafka/address.ts";

/** Kafka's Metadata request, version 1, for no topics: size, key, version, correlation id, no client id, 0 topics. */
const metadataRequest = Buffer.from([0, 0, 0, 14, 0, 3, 0, 1, 0, 0, 0, 1, 0xff, 0xff, 0, 0, 0, 0]);

/**
 * Waits until a broker answers that it is part of its cluster. An open port is not enough: Docker's proxy opens
 * it before Kafka runs, and Kafka answers before it takes records.
 *
 * @param address `host:port` of a plaintext listener
 * @param checkAlive throws when there is nothing to wait for any more
 * @throws Error after `timeoutMs`
 */
export async function waitUntilServing(
  address: string,
  checkAlive: () => void,
  timeoutMs = 180_000,
): Promise<void> {
  const deadline = Date.now() + timeoutMs;
  while (!(await isServing(address))) {
    checkAlive();
    if (Date.now() > deadline) throw new Error(`Kafka at ${address} did not serve within ${timeoutMs} ms`);
    await sleep(100);
  }
}

/** Whether the broker counts itself among the live brokers of its cluster, asked once. */
async function isServing(address: string): Promise<boolean> {
  const socket = connect(splitHostPort(address));
  socket.setTimeout(2000, () => socket.destroy());
  try {
    socket.write(metadataRequest);
    let answer = Buffer.alloc(0);
    for await (const chunk of socket) {
      answer = Buffer.concat([answer, chunk]);
      // size, correlation id, then the number of live brokers, each four bytes
      if (answer.length >= 12) return answer.readInt32BE(8) > 0;
    }
    return false;
  } catch {
    return false;
  } finally {
    socket.destroy();
  }
}
