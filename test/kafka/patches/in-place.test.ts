import { createRequire } from "node:module";
import { pino } from "pino";
import { expect, it } from "vitest";
import { readBatchesInPlace } from "../../../src/kafka/patches/in-place.ts";

const require = createRequire(import.meta.url);
const folder = "kafkajs/src/protocol/requests/fetch";

// That it works is seen in test/integration/in-place.test.ts: a process can try only once.
it("leaves kafkajs as it is, with one warning, where a response was decoded before", () => {
  const before = require(`${folder}/v4/decodeMessages.js`);
  require(`${folder}/v11/response.js`);
  const lines: string[] = [];
  const log = pino({ level: "info" }, { write: (line: string) => void lines.push(line) });
  readBatchesInPlace(log);
  readBatchesInPlace(log);
  expect(require(`${folder}/v4/decodeMessages.js`)).toBe(before);
  expect(lines.map((line) => JSON.parse(line))).toMatchObject([
    { level: 40, msg: expect.stringContaining("can't be read in place") },
  ]);
});
