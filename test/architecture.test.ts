import { readFileSync } from "node:fs";
import { isBuiltin } from "node:module";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import manifest from "../package.json" with { type: "json" };
import { bundled } from "../rolldown.config.ts";
import { partOf, sources, typeScriptIn, withoutComments } from "./sources.ts";

/** What each part of src/ may import of the others: the walk of a receipt goes one way. */
const parts = [
  { name: "main.ts", imports: ["commands"] },
  {
    name: "commands",
    imports: [
      "config",
      "kafka",
      "http",
      "metrics",
      "replay",
      "ledger",
      "receipts",
      "codes",
      "schema",
      "bounds.ts",
      "diagnostics.ts",
      "log.ts",
      "masking.ts",
      "packaged.ts",
      "table.ts",
    ],
  },
  {
    name: "replay",
    imports: [
      "config",
      "kafka",
      "metrics",
      "ledger",
      "receipts",
      "codes",
      "bounds.ts",
      "log.ts",
      "node-http.ts",
      "packaged.ts",
      "table.ts",
      "worker-env.ts",
    ],
  },
  {
    name: "config",
    imports: ["receipts", "codes", "schema", "yaml", "bounds.ts", "expressions.ts", "diagnostics.ts"],
  },
  { name: "kafka", imports: ["ledger", "receipts", "bounds.ts", "node-http.ts"] },
  { name: "http", imports: ["bounds.ts", "diagnostics.ts", "node-http.ts"] },
  { name: "metrics", imports: ["ledger", "codes"] },
  { name: "ledger", imports: ["receipts", "codes", "bounds.ts", "masking.ts"] },
  {
    name: "codes",
    imports: [
      "receipts/receipt.ts",
      "receipts/formats",
      "schema",
      "yaml",
      "bounds.ts",
      "diagnostics.ts",
      "masking.ts",
      "packaged.ts",
      "worker-env.ts",
    ],
  },
  // what people write, as the program takes it: settings, and the shapes of receipts
  { name: "schema", imports: ["receipts/formats", "yaml"] },
  { name: "receipts", imports: ["bounds.ts", "expressions.ts", "masking.ts", "packaged.ts"] },
  { name: "yaml", imports: ["bounds.ts", "diagnostics.ts", "masking.ts"] },
  // not part of what is published, and alone in taking from the laboratory of the tests
  { name: "demo", imports: ["kafka", "test/lab"] },
  { name: "bounds.ts", imports: [] },
  { name: "expressions.ts", imports: [] },
  { name: "diagnostics.ts", imports: ["bounds.ts", "masking.ts"] },
  { name: "log.ts", imports: [] },
  { name: "masking.ts", imports: ["bounds.ts"] },
  { name: "node-http.ts", imports: [] },
  { name: "packaged.ts", imports: [] },
  { name: "table.ts", imports: [] },
  { name: "worker-env.ts", imports: [] },
];

/** Packages that one part alone may import of what is published. */
const owners = [
  { name: "kafkajs", part: "kafka" },
  { name: "prom-client", part: "metrics" },
];

/** The package that a module is of. */
function packageOf(module: string): string {
  return module
    .split("/")
    .slice(0, module.startsWith("@") ? 2 : 1)
    .join("/");
}

it("reads the imports", () => {
  const consumer = sources.find(({ file }) => file === "kafka/consumer.ts");
  expect(consumer?.imports).toContain("ledger/partition-ledger.ts");
  expect(consumer?.packages).toContain("pino");
});

describe("the walk goes one way", () => {
  it("knows every part of src/", () => {
    expect(parts.map(({ name }) => name).sort()).toEqual(
      [...new Set(sources.map(({ part }) => part))].sort(),
    );
  });

  it.each(parts)("$name", ({ name, imports }) => {
    const allowed = [name, ...imports];
    const strangers = sources
      .filter(({ part }) => part === name)
      .flatMap((source) =>
        source.imports
          .filter((target) => !allowed.some((one) => target === one || target.startsWith(`${one}/`)))
          .filter((target) => !allowed.includes(partOf(target)))
          .map((target) => `${source.file} imports ${target}`),
      );
    expect(strangers).toEqual([]);
  });
});

describe("packages", () => {
  it.each(owners)("$name is for src/$part alone", ({ name, part }) => {
    const users = sources.filter(
      ({ part, packages }) =>
        part !== "demo" && packages.some((wanted) => wanted === name || wanted.startsWith(`${name}/`)),
    );
    expect([...new Set(users.map((source) => source.part))]).toEqual([part]);
  });

  it("what is published imports only what is installed with it or bundled", () => {
    const installed = [...Object.keys(manifest.dependencies), ...bundled];
    const missing = sources
      .filter(({ part }) => part !== "demo")
      .flatMap(({ file, packages }) =>
        packages
          .filter((wanted) => !isBuiltin(wanted) && !installed.includes(packageOf(wanted)))
          .map((wanted) => `${file} imports ${wanted}`),
      );
    expect(missing).toEqual([]);
  });

  it("kafkajs is pinned: its insides are mended for one version", () => {
    expect(manifest.devDependencies.kafkajs).toBe("2.2.4");
  });

  it("the version of Node.js that is asked for is the one that main checks", () => {
    const [, asked] = /^>=(\d+\.\d+)$/.exec(manifest.engines.node) ?? [];
    expect(sources.find(({ file }) => file === "main.ts")?.code).toContain(`needs Node.js ${asked} or newer`);
  });
});

describe("why the cluster has not done what it was asked", () => {
  const seam = "kafka/failure.ts";
  // Errors of HTTP and of files are no errors of a cluster.
  const others = /^(?:demo|config|codes|receipts|http)\/|^replay\/sinks\/|^(?:yaml|diagnostics|masking)\.ts$/;
  const deciders = sources.filter(({ file }) => file !== seam && !others.test(file));
  const anError = String.raw`\b(?:error|failure|cause|origin|reason|problem|trouble|err|e)\??\.`;
  const said = String.raw`(?:[=!]==|\.(?:startsWith|endsWith|includes|match|search|test)\()`;

  it.each([
    { by: "a class or a name of kafkajs", matched: /KafkaJS[A-Z]/ },
    {
      by: "Kafka's own name for it",
      matched: /"[A-Z]+(?:_[A-Z]+)*_(?:FAILED|ERROR|AVAILABLE|PROGRESS|ID|OFFSET)"/,
    },
    { by: "an error's name", matched: new RegExp(`${anError}name\\s*${said}|test\\(${anError}name`) },
    { by: "an error's type", matched: new RegExp(`"type" in |${anError}type\\b`) },
    { by: "an error's text", matched: new RegExp(`${anError}message\\s*${said}|test\\(${anError}message`) },
    { by: "a number of the protocol", matched: /\berrorCodes\b|protocol\/error/ },
  ])("is told by $by at the seam alone", ({ matched }) => {
    expect(deciders.filter(({ code }) => matched.test(code)).map(({ file }) => file)).toEqual([]);
  });

  it("is known outside of kafka/ by its code alone", () => {
    const wanted = sources.flatMap(({ part, code }) =>
      part === "kafka" ? [] : [...code.matchAll(/import ({[^}]*}) from "[./]*\/kafka\/failure\.ts"/g)],
    );
    expect(wanted.map(([, names]) => names)).toEqual(["{ codeOf }"]);
  });
});

it("the process is ended in one place, where its results and its exit code are seen to", () => {
  const enders = sources.filter(({ part, code }) => part !== "demo" && /process\.exit\(/.test(code));
  expect(enders.map(({ file }) => file)).toEqual(["commands/ending.ts"]);
});

describe("every file of src/, test/, grafana/source/ and deploy/source/", () => {
  const files = ["src", "test", "grafana/source", "deploy/source"].flatMap((folder) =>
    typeScriptIn(folder).map((name) => {
      const file = join(folder, name);
      return { file, text: readFileSync(file, "utf8") };
    }),
  );
  const where = (holds: (text: string) => boolean) =>
    files.filter(({ text }) => holds(text)).map(({ file }) => file);

  it("has at most 300 lines", () => {
    expect(where((text) => text.trimEnd().split("\n").length > 300)).toEqual([]);
  });

  it("silences neither the compiler nor the linter", () => {
    const silencer =
      /@ts-(?:ignore|expect-error|nocheck)|(?:ox|es)lint-(?:disable)|(?:oxfmt|prettier)-(?:ignore)/;
    expect(where((text) => silencer.test(text))).toEqual([]);
  });

  it("has no `any`", () => {
    const anyType = /(?::|<|\||&|,|\bas)\s*any\s*(?:[,;)>=|&[\]{}]|$)/m;
    expect(where((text) => anyType.test(withoutComments(text)))).toEqual([]);
  });

  it("has no default export", () => {
    expect(where((text) => /^export default\b/m.test(text))).toEqual([]);
  });
});
