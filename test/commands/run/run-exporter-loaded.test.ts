import { execFile } from "node:child_process";
import { promisify } from "node:util";
import { expect, it } from "vitest";

const source = new URL("../../../src/", import.meta.url).href;

/** Prints the packages and the parts of Node.js that are loaded before `run` connects. */
const script = `
import { createRequire } from "node:module";
await import("${source}commands/dispatch.ts");
await import("${source}commands/run/run-exporter.ts");
const packages = Object.keys(createRequire(import.meta.url).cache)
  .map((file) => file.replace(/^.*\\/node_modules\\/((@[^/]+\\/)?[^/]+).*$/, "$1"));
console.log(JSON.stringify({ packages: [...new Set(packages)], builtins: process.moduleLoadList }));
`;

it("loads the Kafka client, and nothing that only a terminal, a request of ours or another command needs", async () => {
  const args = ["--input-type=module", "--eval", script];
  const { stdout } = await promisify(execFile)(process.execPath, args);
  const { packages, builtins } = JSON.parse(stdout) as { packages: string[]; builtins: string[] };
  expect(packages).toEqual(expect.arrayContaining(["kafkajs", "pino", "prom-client"]));
  expect(packages.filter((name) => /^(pino-pretty|lz4-napi|snappy)$/.test(name))).toEqual([]);
  // Node's fetch and WebSocket: a quarter of what Node.js itself takes to start.
  expect(builtins.filter((name) => name.includes("undici"))).toEqual([]);
});
