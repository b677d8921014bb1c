import { readFileSync, writeFileSync } from "node:fs";
import { loadCodeMap } from "../../src/codes/load.ts";
import { replayFlags } from "../../src/commands/replay/request.ts";
import { definitions } from "../../src/metrics/definitions.ts";
import { nodeVersions } from "../brokers/nodes.ts";
import { kafkaVersions } from "../lab/kafka-versions.ts";
import { settingsReference } from "./settings-reference.ts";

/** The metrics as a Markdown table, in the order of a scrape. */
function metricsReference(): string {
  const rows = Object.values(definitions).map(({ name, type, labels, help }) => {
    const names = labels.map((label) => `\`${label}\``).join(", ");
    return `| \`${name}\` | ${type} | ${names} | ${help} |`;
  });
  return ["| metric | type | labels | |", "|---|---|---|---|", ...rows].join("\n");
}

/** The categories of the packaged code map as a Markdown table, in its order. */
async function categoriesReference(): Promise<string> {
  const parsed = await loadCodeMap("config/code-map.yaml");
  if ("problems" in parsed) throw new Error("the packaged code map has problems");
  const rows = [...parsed.map.categories].map(([name, { en, zh }]) => `| \`${name}\` | ${en} | ${zh} |`);
  return ["| category | | |", "|---|---|---|", ...rows].join("\n");
}

/** The flags that `replay` alone has as a Markdown table, in the order of its help. */
function replayReference(): string {
  const rows = replayFlags.map(({ name, value, about }) => {
    const flag = value === undefined ? `--${name}` : `--${name} ${value}`;
    return `| \`${flag}\` | ${about} |`;
  });
  return ["| flag | |", "|---|---|", ...rows].join("\n");
}

/** The brokers that are tried as a Markdown table, the oldest first. */
function brokersReference(): string {
  const nodes = nodeVersions.map(({ name }) => name).join(", ");
  const keepers = { zookeeper: "ZooKeeper", kraft: "KRaft" };
  const rows = kafkaVersions.map(
    ({ name, release, metadata }) => `| ${name} | ${release} | ${keepers[metadata]} | ${nodes} |`,
  );
  return ["| Kafka | release | cluster metadata in | Node.js |", "|---|---|---|---|", ...rows].join("\n");
}

/** Fills the blocks of a README that are made from the code: those between `name:begin` and `name:end`. */
export async function fillGenerated(readme: string): Promise<string> {
  const blocks = {
    settings: settingsReference(),
    metrics: metricsReference(),
    categories: await categoriesReference(),
    replay: replayReference(),
    brokers: brokersReference(),
  };
  return Object.entries(blocks).reduce((text, [name, block]) => {
    const [begin, end] = [`<!-- ${name}:begin -->\n`, `<!-- ${name}:end -->`];
    const [before, rest] = text.split(begin);
    const after = rest?.split(end)[1];
    if (before === undefined || after === undefined) throw new Error(`README.md has no block ${name}`);
    return `${before}${begin}${block}\n${end}${after}`;
  }, readme);
}

// As a program it brings README.md up to date.
if (import.meta.main) writeFileSync("README.md", await fillGenerated(readFileSync("README.md", "utf8")));
