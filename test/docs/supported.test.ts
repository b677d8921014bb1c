import { readFileSync } from "node:fs";
import { expect, it } from "vitest";
import manifest from "../../package.json" with { type: "json" };
import { nodeVersions } from "../brokers/nodes.ts";
import { newestKafka, oldestKafka } from "../lab/kafka-versions.ts";
import nodes from "../node/package.json" with { type: "json" };
import { manual, readPage } from "./pages.ts";

const oldestNode = manifest.engines.node.replace(">=", "");
const pages = [
  manual,
  ...["README.zh-CN.md", "CONTRIBUTING.md", "SECURITY.md"].map((name) => readFileSync(name, "utf8")),
];

it("the oldest Node.js that is tried is the oldest that is allowed, and the newest the one of checkout and image", () => {
  expect(nodeVersions[0]).toEqual({ name: oldestNode, release: `${oldestNode}.0` });
  expect(nodeVersions.at(-1)).toEqual({ name: nodes.version.split(".")[0], release: nodes.version });
});

it("every page that names a version of Node.js with its minor names that one", () => {
  const named = pages.flatMap((page) =>
    [...page.matchAll(/Node\.js (\d+\.\d+)(?![\d.]*\.\d)/g)].map(([, version]) => version),
  );
  expect(named.length).toBeGreaterThan(0);
  expect(new Set(named)).toEqual(new Set([oldestNode]));
});

it("the manual names the range of brokers and versions that is tried", () => {
  const operations = readPage("docs/operations.md");
  expect(operations).toContain(`Apache Kafka ${oldestKafka.name} and newer is supported`);
  const rows = [...operations.matchAll(/^\| (\d+\.\d+) \| \d+\.\d+\.\d+ \| \w+ \| (.*) \|$/gm)];
  expect(rows.map(([, kafka]) => kafka)).toEqual(
    expect.arrayContaining([oldestKafka.name, newestKafka.name]),
  );
  const tried = nodeVersions.map(({ name }) => name).join(", ");
  expect(new Set(rows.map(([, , on]) => on))).toEqual(new Set([tried]));
});

it("the README says which Node.js a checkout runs on", () => {
  for (const name of ["README.md", "README.zh-CN.md"]) {
    expect(readFileSync(name, "utf8")).toContain(`Node.js ${nodes.version.split(".")[0]}`);
  }
});
