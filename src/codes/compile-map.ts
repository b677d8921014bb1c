// The last step of the build: parses config/code-map.yaml and the packs, and saves the result.
import { writeFileSync } from "node:fs";
import { renderProblems } from "../diagnostics.ts";
import { compilePackaged } from "./load.ts";
import { compiledFile } from "./read-file.ts";

const compiled = await compilePackaged();
if ("problems" in compiled) {
  process.stderr.write(renderProblems(compiled.problems));
  process.exitCode = 1;
} else {
  writeFileSync(compiledFile, JSON.stringify(compiled));
}
