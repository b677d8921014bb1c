import { existsSync, readdirSync, readFileSync } from "node:fs";
import { expect, it } from "vitest";
import { inProcess } from "../commands/in-process.ts";
import { pageNames } from "./pages.ts";

/** Phrases that readers had to decode, and what colleagues say instead. */
const decoded: readonly { phrase: string; plain: string }[] = [
  { phrase: "Flags win over environment variables", plain: "Precedence: flag, environment, file, default" },
  { phrase: "that over defaults", plain: "Precedence: flag, environment, file, default" },
  { phrase: "that is away", plain: "unreachable" },
  { phrase: "are waited for", plain: "It waits for …" },
  { phrase: "talks TLS", plain: "use TLS" },
  { phrase: "list otherwise", plain: "how two maps differ" },
  { phrase: "lists otherwise", plain: "how two maps differ" },
  { phrase: "keeps what the file says of it", plain: "keeps its settings from the file" },
  { phrase: "hardly anything but API answers", plain: "almost no receipts" },
  { phrase: "that usually sends at this hour", plain: "that is usually active now" },
  { phrase: "fewer than usual say delivered", plain: "the delivered share is … points below usual" },
  { phrase: "numbers stand in", plain: "all thresholds are in …" },
  { phrase: "what lies over it", plain: "layers" },
  { phrase: "that nobody understands", plain: "that is not understood" },
  { phrase: "no receipts by intent", plain: "not meant to be receipts" },
  { phrase: "made anew", plain: "recreated" },
];

const rules = readdirSync("grafana/rules").map((file) => `grafana/rules/${file}`);
const files = [
  ...pageNames,
  ...["SECURITY.md", "grafana/runbooks.md", "config/dlr-exporter.yaml"].filter((file) => existsSync(file)),
  ...rules,
];

/** Text as it reads, wherever its lines break. */
function running(text: string): string {
  return text.replaceAll(/\s+(?:# )?/g, " ");
}

it.each(decoded)("nobody has to decode $phrase", async ({ phrase }) => {
  const { stdout: overview } = await inProcess(["help"]);
  const names = [...overview.matchAll(/^ {2}(\w+) {2,}\w/gm)].map(([, name]) => name ?? "");
  const helps = await Promise.all(
    names.map(async (name) => ({ name: `help ${name}`, text: (await inProcess(["help", name])).stdout })),
  );
  const texts = [
    { name: "help", text: overview },
    ...helps,
    ...files.map((name) => ({ name, text: readFileSync(name, "utf8") })),
  ];
  expect(texts.filter(({ text }) => running(text).includes(phrase)).map(({ name }) => name)).toEqual([]);
});
