import { spawn } from "node:child_process";
import { access, mkdir, rename, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { cacheFolder } from "./cache.ts";
import { ending, temporaryFolder } from "./guarded.ts";

/** A program that is built from the Go module registry. */
export interface GoTool {
  readonly name: string;
  /** The package of its main function. */
  readonly main: string;
  /** The exact version of its module, such as `v3.22.0`. */
  readonly version: string;
  /** What of it is left out, by its build tags. */
  readonly tags: string;
}

/**
 * Where a program is in the user's cache folder, built unless it is there already: that needs Go and minutes of CPU.
 *
 * @param ifBuilt builds nothing
 * @returns undefined when it is not built, which `ifBuilt` alone can have
 * @throws Error with the words of Go when it can't be built
 */
export async function goTool(tool: GoTool, ifBuilt: boolean): Promise<string | undefined> {
  const folder = cacheFolder(tool.name);
  const file = join(folder, tool.version);
  const isBuilt = await access(file).then(
    () => true,
    () => false,
  );
  if (isBuilt) return file;
  if (ifBuilt) return undefined;
  process.stdout.write(`building ${tool.name} ${tool.version}\n`);
  await mkdir(folder, { recursive: true });
  await build(tool, file);
  return file;
}

/** Builds a program into a file, which is there only when it is whole. */
async function build({ name, main, version, tags }: GoTool, file: string): Promise<void> {
  const source = await temporaryFolder(`dlr-${name}-`);
  try {
    await run(source.path, "go", "mod", "init", name);
    // without a file that imports it, the module would not list what it needs
    await writeFile(
      join(source.path, "tools.go"),
      `//go:build tools\n\npackage tools\n\nimport _ "${main}"\n`,
    );
    await run(source.path, "go", "get", `${main}@${version}`);
    await run(source.path, "go", "build", "-tags", tags, "-ldflags", "-s -w", "-o", `${file}.part`, main);
    await rename(`${file}.part`, file);
  } finally {
    await source.remove();
  }
}

/** Runs a command to its end. @throws Error with its words when it fails */
async function run(cwd: string, command: string, ...args: readonly string[]): Promise<void> {
  const { code, stdout, stderr } = await ending(spawn(command, args, { cwd }));
  if (code !== 0) throw new Error(`${command} ${args.join(" ")} ended with ${code}:\n${stdout}${stderr}`);
}
