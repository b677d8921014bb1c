import { spawn } from "node:child_process";
import { parseArgs } from "node:util";
import { z } from "zod";
import { readYaml, ruleFiles, ruleTests } from "../grafana/files.ts";
import { goTool } from "../lab/go-tool.ts";
import { ending } from "../lab/guarded.ts";

const usage = `npm run test:prometheus3 [-- --if-built]

Holds the rules and their tests against the promtool of the Prometheus that docker-compose.yml runs; npm test takes the
one that is installed, which is an older one on Debian. It is built from the Go module registry, once: that needs Go and
about 5 minutes of CPU. --if-built builds nothing: without a promtool it says so and ends with 0.
`;

/** What promtool reads remote things with, which no rule needs: half of what there is to compile. */
const leftOut = "remove_all_sd";

/** @returns the version of docker-compose.yml as the Go module has it: `v3.14.0` is `v0.314.0` */
function moduleVersion(): string {
  const compose = z.object({ services: z.object({ prometheus: z.object({ image: z.string() }) }) });
  const { image } = compose.parse(readYaml("docker-compose.yml")).services.prometheus;
  const [, major, minor, patch] = /:v(\d+)\.(\d+)\.(\d+)$/.exec(image) ?? [];
  if (major === undefined || minor === undefined) throw new Error(`${image} has no version`);
  return `v0.${major}${minor.padStart(2, "0")}.${patch}`;
}

async function main(): Promise<number> {
  const { values } = parseArgs({ options: { "if-built": { type: "boolean" }, help: { type: "boolean" } } });
  if (values.help === true) {
    process.stdout.write(usage);
    return 0;
  }
  const version = moduleVersion();
  const main = "github.com/prometheus/prometheus/cmd/promtool";
  const tool = { name: "promtool", main, version, tags: leftOut };
  const promtool = await goTool(tool, values["if-built"] === true);
  if (promtool === undefined) {
    process.stdout.write(`promtool ${version} is not built: npm run test:prometheus3 builds it\n`);
    return 0;
  }
  const runs = [
    ["check", "rules", "--lint=all", "--lint-fatal", ...ruleFiles()],
    ...ruleTests().map((file) => ["test", "rules", file]),
  ];
  let failed = 0;
  for (const args of runs) {
    const { code, stdout, stderr } = await ending(spawn(promtool, args));
    if (code === 0) continue;
    failed++;
    process.stdout.write(`promtool ${args.join(" ")}\n${stdout}${stderr}\n`);
  }
  process.stdout.write(`promtool ${version}: ${runs.length - failed} passed, ${failed} failed\n`);
  return failed === 0 ? 0 : 1;
}

try {
  process.exitCode = await main();
} catch (error) {
  process.stderr.write(`${error instanceof Error ? error.message : String(error)}\n`);
  process.exitCode = 2;
}
