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

/** Kinds of phrases that comments and pages were full of, and what colleagues write instead. */
const translated: readonly { phrase: RegExp; plain: string }[] = [
  { phrase: /\banew\b/, plain: "again, from the start, recreated" },
  { phrase: /\bfor want of\b/, plain: "without" },
  { phrase: /\bnothing of (?!the kind)/i, plain: "none of, not any of" },
  { phrase: /\bof which nothing\b/, plain: "of which none" },
  {
    phrase: /\b(?:stands?|lies?) (?:behind|before|beneath|beside|in for)\b/,
    plain: "is after, before, below, next to",
  },
  { phrase: /(?<!(?:messages|receipts|far) )\bbehind (?:it|them|that|which)\b/, plain: "after it" },
  { phrase: /\bof late\b/, plain: "recently" },
  { phrase: /\bfor ever\b/, plain: "forever" },
  { phrase: /\bthrow-away\b/, plain: "temporary" },
  { phrase: /\bgiv(?:en|es?) away\b/, plain: "dropped" },
  { phrase: /\bmend(?:s|ed)?\b/, plain: "fix, fixes, fixed" },
  { phrase: /\bbut for\b/, plain: "except" },
  { phrase: /\b(?:is|are) away\b/, plain: "unreachable, missing" },
  { phrase: /\bis no (?:number|news|JSON|YAML|mapping|list|text|name|code|frame)\b/, plain: "is not a …" },
  { phrase: /\b(?:is|are) barred\b/, plain: "you can't" },
];

/** The comments of a TypeScript file, by the line that each begins in. */
function commentsOf(source: string): readonly string[] {
  return [...source.matchAll(/\/\*[\s\S]*?\*\/|(?:^|\s)\/\/ .*(?:\n\s*\/\/ .*)*/g)].map(([comment]) =>
    comment.replaceAll(/\s*\n\s*(?:\*|\/\/) ?/g, " "),
  );
}

const rules = readdirSync("grafana/rules").map((file) => `grafana/rules/${file}`);
const files = [
  ...pageNames,
  ...["SECURITY.md", "grafana/runbooks.md", "config/dlr-exporter.yaml"].filter((file) => existsSync(file)),
  ...rules,
];

const sourceFiles = readdirSync("src", { recursive: true, encoding: "utf8" })
  .map((file) => `src/${file.replaceAll("\\", "/")}`)
  .filter((file) => file.endsWith(".ts"));

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

it.each(translated)("no comment and no page says $phrase", ({ phrase }) => {
  const comments = sourceFiles.flatMap((name) =>
    commentsOf(readFileSync(name, "utf8")).map((text) => ({ name, text })),
  );
  const pages = pageNames.map((name) => ({ name, text: running(readFileSync(name, "utf8")) }));
  const found = [...comments, ...pages].flatMap(({ name, text }) => {
    const match = phrase.exec(text);
    return match === null
      ? []
      : [`${name}: … ${text.slice(Math.max(0, match.index - 40), match.index + 40)} …`];
  });
  expect(found).toEqual([]);
});
