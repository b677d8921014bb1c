import { execFile } from "node:child_process";
import { existsSync } from "node:fs";
import { mkdir, mkdtemp, rename, rm } from "node:fs/promises";
import { join } from "node:path";
import { promisify } from "node:util";
import { cacheFolder } from "../lab/cache.ts";
import installed from "../node/package.json" with { type: "json" };

const run = promisify(execFile);

/** A version of Node.js that the exporter is tried on. */
export interface NodeVersion {
  /** As people say it. */
  readonly name: string;
  readonly release: string;
}

/** Every version that is tried: the oldest that package.json allows, and the one that `npm ci` installs. */
export const nodeVersions: readonly NodeVersion[] = [
  { name: "22.15", release: "22.15.0" },
  { name: "24", release: installed.version },
];

/**
 * Finds a version.
 *
 * @param word the beginning of a release in the list, such as `22`, or any whole release
 * @throws Error that lists the names when it is neither
 */
export function nodeVersion(word: string): NodeVersion {
  const found = nodeVersions.find(({ release }) => release === word || release.startsWith(`${word}.`));
  if (found !== undefined) return found;
  if (/^\d+\.\d+\.\d+$/.test(word)) return { name: word, release: word };
  const names = nodeVersions.map(({ name }) => name).join(", ");
  throw new Error(`there is no Node.js ${word} to run: choose one of ${names}, or a release such as 22.20.0`);
}

/** The package that holds the program for this machine; `test/node` has the same. */
function packageName(): string {
  const { platform, arch } = process;
  return `${platform === "darwin" && arch === "arm64" ? "node-bin" : "node"}-${platform}-${arch}`;
}

/**
 * Fetches a version of Node.js (about 120 MB) with npm into the user's cache folder, unless it is there. The folder
 * appears whole or not at all.
 *
 * @returns the program
 * @throws Error when npm fails
 */
export async function fetchNode({ release }: NodeVersion, say: (line: string) => void): Promise<string> {
  if (process.versions.node === release) return process.execPath;
  const folder = cacheFolder(`node-${release}`);
  const program = (where: string) => join(where, "node_modules", packageName(), "bin", "node");
  if (existsSync(folder)) return program(folder);
  say(`fetching Node.js ${release} with npm into ${folder} (once, about 120 MB)`);
  await mkdir(join(folder, ".."), { recursive: true });
  const draft = await mkdtemp(`${folder}.draft-`);
  try {
    const quiet = ["--no-audit", "--no-fund", "--no-package-lock", "--global=false", "--loglevel=error"];
    await run("npm", ["install", "--prefix", draft, ...quiet, `${packageName()}@${release}`]);
    const { stdout } = await run(program(draft), ["--version"]);
    if (stdout.trim() !== `v${release}`) throw new Error(`npm installed Node.js ${stdout.trim()}`);
    await rename(draft, folder).catch((error: unknown) => {
      // another process was first, with the same version
      if (!existsSync(folder)) throw error;
    });
    return program(folder);
  } finally {
    await rm(draft, { recursive: true, force: true });
  }
}
