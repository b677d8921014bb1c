import { execFile } from "node:child_process";
import { existsSync } from "node:fs";
import { mkdir } from "node:fs/promises";
import { join } from "node:path";
import { promisify } from "node:util";
import { signerPackage } from "../../src/kafka/login/msk-iam.ts";
import { cacheFolder } from "./cache.ts";

const run = promisify(execFile);
const release = "1.0.3";

/**
 * The folder for `NODE_PATH` with the published package that signs tokens for Amazon MSK: installed on its own, since it
 * is no dependency. Fetched once.
 *
 * @throws Error when npm can't fetch it
 */
export async function mskSigner(): Promise<string> {
  const folder = cacheFolder(`${signerPackage}-${release}`);
  const modules = join(folder, "node_modules");
  if (existsSync(join(modules, signerPackage))) return modules;
  await mkdir(folder, { recursive: true });
  const quiet = ["--no-save", "--no-package-lock", "--no-audit", "--no-fund", "--ignore-scripts"];
  await run("npm", ["install", "--prefix", folder, ...quiet, `${signerPackage}@${release}`]);
  return modules;
}
