import { spawn } from "node:child_process";
import { copyFile, mkdir, readFile, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { parseArgs } from "node:util";
import { cacheFolder } from "../lab/cache.ts";
import { ending, temporaryFolder } from "../lab/guarded.ts";

const usage = `npm run walker [-- --check]

Compiles src/receipts/scan/assembly and src/kafka/wire/assembly to WebAssembly, and writes compiled.ts beside each.
--check writes nothing, and ends with 1 when a file is not what the sources compile to. The compiler is AssemblyScript:
it is installed into the user's cache folder, in the versions of the lock file in test/walker.
`;

const programs = [
  {
    source: "src/receipts/scan/assembly/walk.ts",
    target: "src/receipts/scan/compiled.ts",
    // as memory.ts divides them: 4.1 MiB, which never grow
    memory: ["--initialMemory", "65", "--maximumMemory", "65"],
  },
  {
    source: "src/kafka/wire/assembly/unpack.ts",
    target: "src/kafka/wire/compiled.ts",
    // grows as workspace.ts needs it
    memory: ["--initialMemory", "1"],
  },
] as const;

const options = ["--runtime", "stub", "--enable", "simd", "-O3", "--noAssert"];

/** Runs a command to its end. @throws Error with its words when it fails */
async function run(command: string, ...args: readonly string[]): Promise<void> {
  const { code, stdout, stderr } = await ending(spawn(command, args));
  if (code !== 0) throw new Error(`${command} ${args.join(" ")} ended with ${code}: ${stdout}${stderr}`);
}

/** Installs the compiler; takes seconds. */
async function installed(): Promise<string> {
  const folder = cacheFolder("walker");
  await mkdir(folder, { recursive: true });
  for (const file of ["package.json", "package-lock.json"])
    await copyFile(join("test/walker", file), join(folder, file));
  await run("npm", "ci", "--no-audit", "--no-fund", "--prefix", folder);
  return join(folder, "node_modules/.bin/asc");
}

/** What the sources compile to, as a file of src/. */
async function compiled(compiler: string, { source, memory }: (typeof programs)[number]): Promise<string> {
  const folder = await temporaryFolder("dlr-walker-");
  try {
    const file = join(folder.path, "compiled.wasm");
    await run(compiler, source, "--outFile", file, ...options, ...memory);
    const bytes = await readFile(file);
    return [
      `/** ${source}, compiled by \`npm run walker\`: ${bytes.length} bytes of WebAssembly in base64. */`,
      `export const compiled =\n  "${bytes.toString("base64")}";\n`,
    ].join("\n");
  } finally {
    await folder.remove();
  }
}

async function main(): Promise<number> {
  const { values } = parseArgs({ options: { check: { type: "boolean" }, help: { type: "boolean" } } });
  if (values.help === true) {
    process.stdout.write(usage);
    return 0;
  }
  const compiler = await installed();
  let status = 0;
  for (const program of programs) {
    const { source, target } = program;
    const text = await compiled(compiler, program);
    if (values.check !== true) {
      await writeFile(target, text);
      continue;
    }
    const isSame = (await readFile(target, "utf8")) === text;
    if (!isSame) status = 1;
    process.stdout.write(`${target} is ${isSame ? "" : "not "}what ${source} compiles to\n`);
  }
  return status;
}

try {
  process.exitCode = await main();
} catch (error) {
  process.stderr.write(`${error instanceof Error ? error.message : String(error)}\n`);
  process.exitCode = 2;
}
