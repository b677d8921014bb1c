import { type SpawnSyncReturns, spawnSync } from "node:child_process";
import { cpSync, existsSync, mkdirSync, readFileSync, symlinkSync } from "node:fs";
import { join, resolve } from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { z } from "zod";
import { bundled } from "../../rolldown.config.ts";
import { type TemporaryFolder, temporaryFolder } from "../lab/guarded.ts";

const next = "99.0.0";

const packed = z.tuple([
  z.object({
    filename: z.string(),
    files: z.array(z.object({ path: z.string(), mode: z.number() })),
  }),
]);

let folder: TemporaryFolder;
/** A clean checkout, as one is released. */
let checkout = "";
let release: z.output<typeof packed>[0];
let names: string[];

/** Runs a command to its end, and expects that it ends well. */
function run(cwd: string, command: string, ...args: readonly string[]): SpawnSyncReturns<string> {
  const ended = spawnSync(command, args, { cwd, encoding: "utf8", maxBuffer: 64 * 1024 * 1024 });
  expect(ended.status, `${command} ${args.join(" ")}\n${ended.stdout}${ended.stderr}`).toBe(0);
  return ended;
}

beforeAll(async () => {
  folder = await temporaryFolder("dlr-release-");
  checkout = join(folder.path, "checkout");
  const tracked = run(".", "git", "ls-files", "--cached", "--others", "--exclude-standard").stdout.split(
    "\n",
  );
  for (const file of tracked.filter((name) => name !== "" && existsSync(name))) {
    cpSync(file, join(checkout, file));
  }
  symlinkSync(resolve("node_modules"), join(checkout, "node_modules"));
  run(checkout, "npm", "version", next, "--no-git-tag-version");
  // with what `prepare` builds
  const { stdout } = run(checkout, "npm", "pack", "--json", "--pack-destination", folder.path);
  [release] = packed.parse(JSON.parse(stdout.slice(stdout.indexOf("[\n"))));
  names = release.files.map(({ path }) => path);
});
afterAll(() => folder.remove());

const read = (file: string) => readFileSync(join(checkout, file), "utf8");

describe("npm version", () => {
  it("begins the notes of the release, and leaves a place for those of the next", () => {
    expect(read("CHANGELOG.md")).toMatch(/^## Unreleased\n\n## 99\.0\.0 - \d{4}-\d\d-\d\d\n\n/m);
  });

  it.each([
    { file: "package-lock.json", named: /^ {2}"version": "99\.0\.0",$/m },
    { file: "Dockerfile", named: /image\.version="99\.0\.0"/ },
    { file: "docs/operations.md", named: /dlr-exporter:99\.0\.0/ },
    { file: "deploy/helm/dlr-exporter/Chart.yaml", named: /^version: 99\.0\.0\nappVersion: 99\.0\.0$/m },
    { file: "deploy/kubernetes/base/deployment.yaml", named: /image: dlr-exporter:99\.0\.0/ },
    { file: "deploy/kubernetes/example/kustomization.yaml", named: /newTag: 99\.0\.0/ },
  ])("names it in $file", ({ file, named }) => {
    expect(read(file)).toMatch(named);
  });

  it("names no registry in the lock file", () => {
    expect(read("package-lock.json")).not.toMatch(/"resolved": "\w+:/);
  });
});

describe("npm pack", () => {
  it("has what the program, its readers and its operators need", () => {
    expect(names).toEqual(
      expect.arrayContaining([
        "package.json",
        "README.md",
        "README.zh-CN.md",
        "LICENSE",
        "CHANGELOG.md",
        "SECURITY.md",
        "dist/main.js",
        "dist/code-map.json",
        "dist/LICENSES.txt",
        "config/code-map.yaml",
        "config/dlr-exporter.yaml",
        "config/providers/aliyun.yaml",
        "config/schema/config.json",
        "docs/operations.md",
        "grafana/dashboards/dlr-overview.json",
        "grafana/dashboards-zh/dlr-overview-zh.json",
        "grafana/rules/dlr-spikes.rules.yml",
        "grafana/runbooks.md",
        "deploy/helm/dlr-exporter/templates/deployment.yaml",
        "deploy/kubernetes/base/deployment.yaml",
        "deploy/systemd/dlr-exporter.service",
      ]),
    );
  });

  it("has nothing else", () => {
    const own = /^(?:dist|config|docs|grafana|deploy)\/|^(?:package\.json|[A-Z]+(?:\.zh-CN)?(?:\.md)?)$/;
    expect(names.filter((name) => !own.test(name))).toEqual([]);
  });

  it.each([
    { what: "sources and tests", pattern: /\.ts$|^(?:src|test)\/|\.test\.|\/source\/|\/demo\// },
    { what: "maps to sources that are not there", pattern: /\.map$/ },
    { what: "hidden files but Helm's", pattern: /(?:^|\/)\.(?!helmignore$)/ },
    { what: "keys, passwords and logs", pattern: /\.(?:pem|key|log|env)$|password|secret\.txt/ },
    { what: "pictures of dashboards", pattern: /\.svg$/ },
  ])("has no $what", ({ pattern }) => {
    expect(names.filter((name) => pattern.test(name))).toEqual([]);
  });

  it("has a program that can be run", () => {
    expect((release.files.find(({ path }) => path === "dist/main.js")?.mode ?? 0) & 0o111).toBe(0o111);
  });
});

describe("the tarball, in an empty folder", () => {
  let place = "";
  beforeAll(() => {
    place = join(folder.path, "place");
    mkdirSync(place);
    const quiet = ["--no-audit", "--no-fund", "--prefer-offline"];
    run(place, "npm", "install", "--ignore-scripts", ...quiet, join(folder.path, release.filename));
  });

  /** Runs what was installed. */
  function program(...args: readonly string[]) {
    const main = join(place, "node_modules/dlr-exporter/dist/main.js");
    const env = { PATH: process.env.PATH, HOME: place };
    return spawnSync(process.execPath, [main, ...args], { cwd: place, encoding: "utf8", env });
  }

  it("is a command", () => {
    expect(existsSync(join(place, "node_modules/.bin/dlr-exporter"))).toBe(true);
  });

  it("says its version", () => {
    expect(program("--version")).toMatchObject({ status: 0, stdout: `${next}\n`, stderr: "" });
  });

  it("explains a code", () => {
    const { status, stdout } = program("classify", "DB:0141", "--output", "json");
    expect(status).toBe(0);
    expect(JSON.parse(stdout)).toEqual([expect.objectContaining({ category: "blacklist" })]);
  });

  it("checks its settings and the packaged code map", () => {
    const { status, stdout, stderr } = program("check");
    expect({ status, stderr }).toEqual({ status: 0, stderr: "" });
    expect(stdout).toMatch(/^code map [0-9a-f]+: \d+ tables, \d+ codes/m);
  });

  it("has all parts of the Kafka client: it waits for a broker, and ends when told", () => {
    const { stderr } = program(
      "replay",
      "--topic",
      "t",
      "--from",
      "-1h",
      "--to",
      "now",
      "--brokers",
      "127.0.0.1:1",
      "--timeout",
      "1s",
    );
    expect(stderr).toMatch(/broker/);
    expect(stderr).not.toMatch(/Cannot find|ERR_MODULE/);
  });
});

it("npm run sbom lists what is in it and what is installed with it, and no more", () => {
  const { stdout } = run(checkout, "npm", "run", "--silent", "sbom");
  const { components, metadata } = z
    .object({
      bomFormat: z.literal("CycloneDX"),
      metadata: z.object({
        component: z.object({ name: z.string(), version: z.string(), purl: z.string() }),
      }),
      components: z.array(
        z.object({ name: z.string(), version: z.string(), hashes: z.array(z.unknown()).min(1) }),
      ),
    })
    .parse(JSON.parse(stdout));
  const purl = `pkg:npm/dlr-exporter@${next}`;
  expect(metadata.component).toEqual({ name: "dlr-exporter", version: next, purl });
  const entry = z.object({
    dev: z.boolean().default(false),
    link: z.boolean().default(false),
    version: z.string().optional(),
  });
  const { packages } = z
    .object({ packages: z.record(z.string(), entry) })
    .parse(JSON.parse(read("package-lock.json")));
  const nameOf = (path: string) => path.slice(path.lastIndexOf("node_modules/") + 13);
  const published = Object.entries(packages)
    .filter(([path, { dev, link }]) => path.startsWith("node_modules/") && !dev && !link)
    .concat(Object.entries(packages).filter(([path]) => bundled.includes(nameOf(path))))
    .map(([path, { version }]) => `${nameOf(path)}@${version}`);
  expect(published).toEqual(
    expect.arrayContaining([expect.stringMatching(/^zod@/), expect.stringMatching(/^kafkajs@/)]),
  );
  expect(components.map(({ name, version }) => `${name}@${version}`).sort()).toEqual(published.sort());
});
