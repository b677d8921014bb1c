import { spawn } from "node:child_process";
import { isDeepStrictEqual, parseArgs } from "node:util";
import { parse, parseAllDocuments } from "yaml";
import { type Manifest, manifestShape, plainFolder, plainManifests } from "../deploy/manifests.ts";
import { problemsOf } from "../deploy/schemas.ts";
import { goTool } from "../lab/go-tool.ts";
import { ending } from "../lab/guarded.ts";
import { every, type Values, wrong } from "./values.ts";

const usage = `npm run test:helm [-- --if-built]

Holds the chart in deploy/helm to helm lint, to the schemas of Kubernetes with all of its switches on, and to the plain
manifests with those on that they have. Helm is built from the Go module registry, once: that needs Go and about 5
minutes of CPU. --if-built builds nothing: without a helm it says so and ends with 0. Where kubectl is installed,
kustomize puts the plain manifests together too.
`;

const tool = { name: "helm", main: "helm.sh/helm/v3/cmd/helm", version: "v3.22.0", tags: "" };
const chart = "deploy/helm/dlr-exporter";
/** A helm that is built without its release scripts takes itself to be of Kubernetes 1.20. */
const kubernetes = ["--kube-version", "1.31.0"];

interface Check {
  readonly name: string;
  /** @returns what is wrong */
  run(): Promise<string[]>;
}

/** The checks of a chart by a helm at a path. */
function checksOf(helm: string): Check[] {
  const template = async (values: Values) => {
    const child = spawn(helm, ["template", "dlr-exporter", chart, ...kubernetes, "--values", "-"]);
    child.stdin.end(JSON.stringify(values));
    return ending(child);
  };
  const rendered = async (values: Values): Promise<Manifest[]> => {
    const { code, stdout, stderr } = await template(values);
    if (code !== 0) throw new Error(stderr);
    return manifestsIn(stdout);
  };
  return [
    {
      name: "helm lint --strict",
      run: async () => {
        const { code, stdout, stderr } = await ending(spawn(helm, ["lint", "--strict", chart]));
        return code === 0 ? [] : [stdout + stderr];
      },
    },
    {
      name: "the chart as it comes is what deploy/kubernetes has",
      run: async () => {
        const on = { enabled: true };
        const made = await rendered({ podMonitor: on, prometheusRule: on, dashboards: on });
        return differences(made.map(plain), plainManifests().map(plain));
      },
    },
    ...Object.entries(every).map(([name, values]) => ({
      name: `the schemas take ${name}`,
      run: async () => (await rendered(values)).flatMap(problemsOf),
    })),
    ...wrong.map(({ name, values, told }) => ({
      name: `refuses ${name}`,
      run: async () => {
        const { code, stderr } = await template(values);
        return code !== 0 && told.test(stderr) ? [] : [`ended with ${code}: ${stderr}`];
      },
    })),
  ];
}

/** Kustomize's work on the plain manifests and on the example. */
const kustomizing: Check[] = [plainFolder, `${plainFolder}/base`, `${plainFolder}/example`].map((folder) => ({
  name: `the schemas take ${folder}`,
  run: async () => {
    const { code, stdout, stderr } = await ending(spawn("kubectl", ["kustomize", folder]));
    return code === 0 && stderr === "" ? manifestsIn(stdout).flatMap(problemsOf) : [stderr];
  },
}));

function manifestsIn(text: string): Manifest[] {
  return parseAllDocuments(text).map((document) => manifestShape.parse(document.toJS()));
}

/** A manifest without what Helm alone says, and with its configuration read. */
function plain(manifest: Manifest): unknown {
  const ofHelm = ["app.kubernetes.io/managed-by", "helm.sh/chart", "checksum/config"];
  const text = JSON.stringify(manifest, (key, value) => {
    if (ofHelm.includes(key)) return undefined;
    if (key === "annotations" && Object.keys(value).every((name) => ofHelm.includes(name))) return undefined;
    return key === "dlr-exporter.yaml" ? parse(value) : value;
  });
  const read = manifestShape.parse(JSON.parse(text));
  const isConfig = read.kind === "ConfigMap" && read.metadata.name === "dlr-exporter";
  // Kustomize labels nothing that it makes.
  return isConfig ? { ...read, metadata: { name: read.metadata.name } } : read;
}

function differences(made: readonly unknown[], wanted: readonly unknown[]): string[] {
  const lacking = (from: readonly unknown[], other: readonly unknown[], words: string) =>
    from
      .filter((one) => !other.some((another) => isDeepStrictEqual(one, another)))
      .map((one) => `${words}: ${JSON.stringify(one).slice(0, 3000)}`);
  return [
    ...lacking(made, wanted, "the chart alone has"),
    ...lacking(wanted, made, "deploy/kubernetes alone has"),
  ];
}

async function main(): Promise<number> {
  const { values } = parseArgs({ options: { "if-built": { type: "boolean" }, help: { type: "boolean" } } });
  if (values.help === true) {
    process.stdout.write(usage);
    return 0;
  }
  const helm = await goTool(tool, values["if-built"] === true);
  if (helm === undefined) {
    process.stdout.write(`helm ${tool.version} is not built: npm run test:helm builds it\n`);
    return 0;
  }
  const hasKubectl = await ending(spawn("kubectl", ["kustomize", "--help"])).then(
    ({ code }) => code === 0,
    () => false,
  );
  if (!hasKubectl) process.stdout.write("kubectl is not installed: kustomize is not tried\n");
  const checks = [...checksOf(helm), ...(hasKubectl ? kustomizing : [])];
  let failed = 0;
  for (const { name, run } of checks) {
    const problems = await run();
    if (problems.length === 0) continue;
    failed++;
    process.stdout.write(`${name}\n${problems.map((problem) => `  ${problem}\n`).join("")}`);
  }
  process.stdout.write(`helm ${tool.version}: ${checks.length - failed} passed, ${failed} failed\n`);
  return failed === 0 ? 0 : 1;
}

try {
  process.exitCode = await main();
} catch (error) {
  process.stderr.write(`${error instanceof Error ? error.message : String(error)}\n`);
  process.exitCode = 2;
}
