import { spawnSync } from "node:child_process";
import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { z } from "zod";
import manifest from "../../package.json" with { type: "json" };
import { bundled } from "../../rolldown.config.ts";

// `npm sbom --omit dev` leaves out what development needs too, and knows nothing of what is bundled. So npm is shown a
// package that has no development and depends on what is in it, and in a folder of its name, for that is what it calls
// the package.
const { devDependencies, overrides: _, ...rest } = manifest;
const contained = Object.entries(devDependencies).filter(([name]) => bundled.includes(name));
const published = { ...rest, dependencies: { ...rest.dependencies, ...Object.fromEntries(contained) } };
const entry = z.looseObject({ dev: z.boolean().optional(), link: z.boolean().optional() });
const lock = z
  .looseObject({ packages: z.record(z.string(), entry) })
  .parse(JSON.parse(readFileSync(new URL("../../package-lock.json", import.meta.url), "utf8")));
const packages = Object.entries(lock.packages).flatMap(([path, { dev, ...locked }]): [string, unknown][] => {
  if (path === "") return [[path, published]];
  const isContained = bundled.includes(path.replace("node_modules/", ""));
  return isContained || (path.startsWith("node_modules/") && !dev && !locked.link) ? [[path, locked]] : [];
});

const parent = mkdtempSync(join(tmpdir(), "dlr-sbom-"));
try {
  const folder = join(parent, manifest.name);
  mkdirSync(folder);
  writeFileSync(join(folder, "package.json"), JSON.stringify(published));
  writeFileSync(
    join(folder, "package-lock.json"),
    JSON.stringify({ ...lock, packages: Object.fromEntries(packages) }),
  );
  const args = ["sbom", "--package-lock-only", "--sbom-format", "cyclonedx", "--sbom-type", "application"];
  process.exitCode = spawnSync("npm", args, { cwd: folder, stdio: "inherit" }).status ?? 1;
} finally {
  rmSync(parent, { recursive: true });
}
