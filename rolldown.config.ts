import { readFileSync } from "node:fs";
import { defineConfig, type Plugin } from "rolldown";
import manifest from "./package.json" with { type: "json" };

/** Packages that become a part of the program, so that no user installs them, and starts don't look for their files. */
export const bundled: readonly string[] = [
  "@opentelemetry/api",
  "bintrees",
  "kafkajs",
  "prom-client",
  "tdigest",
  "yaml",
  "zod",
];

const installed = [...Object.keys(manifest.dependencies), ...Object.keys(manifest.peerDependencies)];

/** Their licences ask to be passed on with their code; and nobody else's code is to be passed on without one. */
const licences: Plugin = {
  name: "licences",
  generateBundle(_, bundle) {
    const modules = Object.values(bundle).flatMap((output) =>
      output.type === "chunk" ? output.moduleIds : [],
    );
    const names = new Set(
      modules.flatMap((id) => /\/node_modules\/((?:@[^/]+\/)?[^/]+)\//.exec(id)?.[1] ?? []),
    );
    const unknown = [...names].filter((name) => !bundled.includes(name));
    if (unknown.length > 0) {
      throw new Error(
        `${unknown.join(", ")}: add it to dependencies, or to \`bundled\` in rolldown.config.ts`,
      );
    }
    const texts = bundled.map((name) => {
      const text = readFileSync(new URL(`node_modules/${name}/LICENSE`, import.meta.url), "utf8");
      return `${name}\n\n${text.trim()}\n`;
    });
    this.emitFile({ type: "asset", fileName: "LICENSES.txt", source: texts.join(`\n${"-".repeat(80)}\n\n`) });
  },
};

/** A start loads some seventy files in place of hundreds. Threads have an entry each: `threadFile` in src/packaged.ts. */
export default defineConfig({
  input: {
    main: "src/main.ts",
    "replay/worker": "src/replay/worker.ts",
    "codes/load-worker": "src/codes/load-worker.ts",
  },
  platform: "node",
  external: [/^node:/, ...installed.map((name) => new RegExp(`^${name}(?:/|$)`))],
  plugins: [licences],
  output: {
    dir: "dist",
    cleanDir: true,
    // In one folder, so that `packagedFile` in src/packaged.ts finds the same files as from the sources.
    chunkFileNames: "[name].js",
    comments: false,
  },
});
