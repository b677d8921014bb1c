import { readdirSync, readFileSync, writeFileSync } from "node:fs";
import { parse } from "yaml";
import { z } from "zod";
import { loadCodeMap } from "../../src/codes/load.ts";
import type { CommandFlag } from "../../src/commands/command.ts";
import { findFlags } from "../../src/commands/find/request.ts";
import { replayFlags } from "../../src/commands/replay/request.ts";
import { sampleFlags } from "../../src/commands/sample/request.ts";
import { unknownFlags } from "../../src/commands/unknown/request.ts";
import { definitions } from "../../src/metrics/definitions.ts";
import { chineseBlocks } from "../../src/receipts/dimensions/number-plan.ts";
import { ownFormats } from "../../src/receipts/formats/named.ts";
import { frames } from "../../src/receipts/frames.ts";
import { nodeVersions } from "../brokers/nodes.ts";
import { kafkaVersions } from "../lab/kafka-versions.ts";
import { described, formats } from "../receipts/packaged-formats.ts";
import { pageNames, readPage } from "./pages.ts";
import { performanceReference } from "./performance-reference.ts";
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

const pack = z.object({
  provider: z.string(),
  names: z.object({ en: z.string(), zh: z.string() }),
  scopes: z
    .record(z.string(), z.object({ codes: z.record(z.string(), z.array(z.unknown())).optional() }))
    .optional(),
});

/** The provider packs as a Markdown table, by name. */
function providersReference(): string {
  const files = readdirSync("config", { recursive: true, encoding: "utf8" }).filter((file) =>
    /^providers[/\\].*\.yaml$/.test(file),
  );
  const rows = files.sort().map((file) => {
    const text = readFileSync(`config/${file}`, "utf8");
    const { provider, names, scopes = {} } = pack.parse(parse(text, { schema: "failsafe" }));
    const tables = Object.entries(scopes).map(
      ([scope, { codes = {} }]) => `\`${scope}\` ${Object.values(codes).flat().length}`,
    );
    const formats = described.filter((format) => format.provider === provider);
    const named = formats.map(({ name }) => `\`${name}\``).join(", ");
    return `| [\`${provider}\`](../config/${file.replaceAll("\\", "/")}) | ${[...new Set([names.en, names.zh])].join(", ")} | ${named} | ${tables.join(", ")} |`;
  });
  return ["| pack | | formats | codes by scope |", "|---|---|---|---|", ...rows].join("\n");
}

/** The flags that a command alone has as a Markdown table, in the order of its help. */
function flagsReference(flags: readonly CommandFlag[]): string {
  const rows = flags.map(({ name, value, about }) => {
    const flag = value === undefined ? `--${name}` : `--${name} ${value}`;
    return `| \`${flag}\` | ${about} |`;
  });
  return ["| flag | |", "|---|---|", ...rows].join("\n");
}

/** The formats as a Markdown table: what each reads, into which scopes, and whose receipts they are. */
function formatsReference(): string {
  const told: Readonly<Record<string, readonly [string, string]>> = {
    auto: ["as the format says", ""],
    "top-response": ["the API's table, else `api`", ""],
    json: ["as the configuration says", ""],
  };
  const readings: Readonly<Record<string, string>> = {
    ...ownFormats,
    ...Object.fromEntries(described.map(({ name, reads }) => [name, reads])),
  };
  const rows = formats.map((name) => {
    const shapes = described.find((format) => format.name === name)?.descriptions ?? [];
    const quoted = (words: readonly (string | undefined)[]) =>
      [...new Set(words)].flatMap((word) => (word === undefined ? [] : [`\`${word}\``])).join(", ");
    const scopes = quoted(shapes.flatMap(({ codes }) => codes.map(({ scope }) => scope)));
    const [scope, provider] = told[name] ?? [scopes, quoted(shapes.map((shape) => shape.provider))];
    return `| \`${name}\` | ${readings[name]} | ${scope} | ${provider || "the topic's"} |`;
  });
  return ["| format | what it reads | scope | provider |", "|---|---|---|---|", ...rows].join("\n");
}

/** The frames that are opened as a Markdown table, in the order in which they are tried. */
function framesReference(): string {
  const rows = frames.map(({ member, by }) => `| \`${member}\` | ${by} |`);
  return ["| member | written by |", "|---|---|", ...rows].join("\n");
}

/** For whom each kind of China's numbers is, for people. */
const blockOwners: Readonly<Record<string, string>> = {
  mobile: "China Mobile, 中国移动",
  unicom: "China Unicom, 中国联通",
  telecom: "China Telecom, 中国电信",
  broadnet: "China Broadnet, 中国广电",
  mobile_virtual: "virtual operators in the network of China Mobile",
  unicom_virtual: "virtual operators in that of China Unicom",
  telecom_virtual: "virtual operators in that of China Telecom",
  satellite: "satellite phones: Tiantong, 中国星网, Inmarsat, the ministry's emergency communications",
  iot: "machines: numbers of 13 digits",
  fixed: "landlines with their area code, and 400 and 800 numbers",
};

/** To whom China's numbers were given as a Markdown table, by label. */
function numberBlocksReference(): string {
  const rows = readFileSync("config/number-blocks.csv", "utf8")
    .split("\n")
    .map((line) => line.split(","));
  const told = chineseBlocks.map((label) => {
    const own = rows.filter(([, , block]) => block === label);
    const prefixes = inRanges(own.map(([prefix = ""]) => prefix.slice(3)).sort()).join(", ");
    const dates = own.map(([, , , , date = ""]) => date).sort();
    return `| \`${label}\` | ${blockOwners[label]} | ${prefixes} | ${dates.at(-1)} |`;
  });
  return ["| label | | first digits | as of |", "|---|---|---|---|", ...told].join("\n");
}

/** Numbers in their order, with those of one length that follow each other as their first and last. */
function inRanges(sorted: readonly string[]): string[] {
  const ranges: (readonly [string, string])[] = [];
  for (const next of sorted) {
    const [first, last] = ranges.at(-1) ?? ["", ""];
    if (last.length === next.length && Number(next) === Number(last) + 1) ranges.splice(-1, 1, [first, next]);
    else ranges.push([next, next]);
  }
  return ranges.map(([first, last]) => (first === last ? first : `${first}–${last}`));
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

/** The blocks of the manual that are made from the code, or of what was measured, by their names. */
const blocks: Readonly<Record<string, () => string | Promise<string>>> = {
  formats: formatsReference,
  frames: framesReference,
  numbers: numberBlocksReference,
  settings: settingsReference,
  metrics: metricsReference,
  providers: providersReference,
  categories: categoriesReference,
  replay: () => flagsReference(replayFlags),
  sample: () => flagsReference(sampleFlags),
  find: () => flagsReference(findFlags),
  unknown: () => flagsReference(unknownFlags),
  brokers: brokersReference,
  performance: () => performanceReference(readFileSync("test/bench/RESULTS.md", "utf8")),
};
export const generatedBlocks: readonly string[] = Object.keys(blocks);

/** Fills the blocks of a page that are made from the code: those between `name:begin` and `name:end`. */
export async function fillGenerated(page: string): Promise<string> {
  let filled = page;
  for (const [name, make] of Object.entries(blocks)) {
    const [begin, end] = [`<!-- ${name}:begin -->\n`, `<!-- ${name}:end -->`];
    const [before, rest] = filled.split(begin);
    if (before === undefined || rest === undefined) continue;
    const after = rest.split(end)[1];
    if (after === undefined) throw new Error(`The block ${name} has no end.`);
    filled = `${before}${begin}${await make()}\n${end}${after}`;
  }
  return filled;
}

// As a program it brings the pages up to date.
if (import.meta.main) {
  for (const name of pageNames) writeFileSync(name, await fillGenerated(readPage(name)));
}
