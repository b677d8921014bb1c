import { mkdir, readdir, readFile, writeFile } from "node:fs/promises";
import { basename, dirname } from "node:path";
import { fileURLToPath } from "node:url";
import { parse, stringify } from "yaml";
import manifest from "../../package.json" with { type: "json" };
import { dashboardConfigMap, podMonitor, prometheusRule } from "./monitoring.ts";
import { valuesSchema } from "./values-schema.ts";
import { deployment, name, podDisruptionBudget, service, serviceAccount } from "./workload.ts";

/** A file of the repository. */
export interface GeneratedFile {
  /** Relative to the top of the repository. */
  readonly path: string;
  readonly text: string;
}

const top = new URL("../../", import.meta.url);
const chart = `deploy/helm/${name}`;
const plain = "deploy/kubernetes";

/** Rules, dashboards and versions for the chart, and all plain manifests, as their files are to be. */
export async function deployFiles(): Promise<GeneratedFile[]> {
  const rules = await filesIn("grafana/rules", ".rules.yml");
  const dashboards = [
    ...(await filesIn("grafana/dashboards", ".json")),
    ...(await filesIn("grafana/dashboards-zh", ".json")),
  ].map(({ file, text }) => ({ uid: basename(file, ".json"), json: JSON.stringify(JSON.parse(text)) }));
  return [
    { path: `${chart}/Chart.yaml`, text: yamlFile(chartManifest) },
    {
      path: `${chart}/values.schema.json`,
      text: `${JSON.stringify(valuesSchema(parse(await readFile(new URL(`${chart}/values.yaml`, top), "utf8"))), null, 2)}\n`,
    },
    ...rules.map(({ file, text }) => ({ path: `${chart}/files/rules/${file}`, text })),
    ...dashboards.map(({ uid, json }) => ({
      path: `${chart}/files/dashboards/${uid}.json`,
      text: `${json}\n`,
    })),
    { path: `${plain}/base/deployment.yaml`, text: yamlFile(deployment) },
    { path: `${plain}/base/service.yaml`, text: yamlFile(service) },
    { path: `${plain}/base/serviceaccount.yaml`, text: yamlFile(serviceAccount) },
    { path: `${plain}/base/poddisruptionbudget.yaml`, text: yamlFile(podDisruptionBudget) },
    { path: `${plain}/monitoring/podmonitor.yaml`, text: yamlFile(podMonitor) },
    {
      path: `${plain}/monitoring/prometheusrule.yaml`,
      text: yamlFile(prometheusRule(rules.map(({ text }) => parse(text)))),
    },
    ...dashboards.map(({ uid, json }) => ({
      path: `${plain}/monitoring/dashboards/${uid}.yaml`,
      text: yamlFile(dashboardConfigMap(uid, json)),
    })),
  ];
}

/** Writes them. */
export async function writeDeployFiles(): Promise<void> {
  for (const { path, text } of await deployFiles()) {
    const file = fileURLToPath(new URL(path, top));
    await mkdir(dirname(file), { recursive: true });
    await writeFile(file, text);
  }
}

const chartManifest = {
  apiVersion: "v2",
  name,
  description: manifest.description,
  type: "application",
  version: manifest.version,
  appVersion: manifest.version,
  kubeVersion: ">=1.27.0-0",
};

function yamlFile(value: unknown): string {
  const text = stringify(value, { lineWidth: 0, aliasDuplicateObjects: false });
  return `# Written by npm run deploy:generate, from deploy/source/ and grafana/: change it there.\n${text}`;
}

async function filesIn(folder: string, ending: string): Promise<{ file: string; text: string }[]> {
  const names = (await readdir(new URL(folder, top))).filter((file) => file.endsWith(ending)).sort();
  return Promise.all(
    names.map(async (file) => ({ file, text: await readFile(new URL(`${folder}/${file}`, top), "utf8") })),
  );
}
