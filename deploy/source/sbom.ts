import { spawnSync } from "node:child_process";
import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { z } from "zod";
import manifest from "../../package.json" with { type: "json" };

// `npm sbom --omit dev` leaves out what development needs too, such as yaml and zod. So npm is shown a package that has
// no development, and in a folder of its name, for that is what it calls the package.
const { devDependencies: _, overrides: _overrides, ...published } = manifest;
const entry = z.looseObject({ dev: z.boolean().optional(), link: z.boolean().optional() });
const lock = z
  .looseObject({ packages: z.record(z.string(), entry) })
  .parse(JSON.parse(readFileSync(new URL("../../package-lock.json", import.meta.url), "utf8")));
const packages = Object.entries(lock.packages).flatMap(([path, { devDependencies, ...rest }]) =>
  path === "" || (path.startsWith("node_modules/") && !rest.dev && !rest.link) ? [[path, rest]] : [],
);

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
