import { copyFileSync, mkdirSync, readdirSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { rootCertificates } from "node:tls";
import { describe, expect, it } from "vitest";
import { parse } from "yaml";
import { deployFiles } from "../../deploy/source/files.ts";
import { defaults, podDisruptionBudget } from "../../deploy/source/workload.ts";
import { loadSettings } from "../../src/config/load.ts";
import { readRules, readYaml } from "../grafana/files.ts";
import { temporaryFolder } from "../lab/guarded.ts";
import { manifestShape, only, plainFolder, plainManifests } from "./manifests.ts";
import { problemsOf } from "./schemas.ts";

const manifests = plainManifests();
const named = manifests.map((manifest) => ({
  name: `${manifest.kind} ${manifest.metadata.name}`,
  manifest,
}));
const deployment = only(manifests, "Deployment");

describe("what is generated", async () => {
  const files = await deployFiles();

  it.each(files)("$path is as npm run deploy:generate writes it", ({ path, text }) => {
    expect(readFileSync(path, "utf8")).toBe(text);
  });

  it("is all that lies there", () => {
    const generated = files.map(({ path }) => path);
    for (const folder of [`${plainFolder}/monitoring/dashboards`, "deploy/helm/dlr-exporter/files"]) {
      const lying = readdirSync(folder, { recursive: true, withFileTypes: true })
        .filter((entry) => entry.isFile())
        .map(({ parentPath, name }) => join(parentPath, name));
      expect(lying.filter((file) => !generated.includes(file))).toEqual([]);
    }
  });

  it("is installed by the kustomizations, every manifest", () => {
    const written = files.filter(({ path }) => path.startsWith(plainFolder));
    const kinds = written.map(({ text }) => manifestShape.parse(parse(text)));
    expect(written.length).toBeGreaterThan(8);
    expect(manifests).toEqual(expect.arrayContaining(kinds));
  });
});

describe("the schemas", () => {
  it.each(named)("take $name", ({ manifest }) => {
    expect(problemsOf(manifest)).toEqual([]);
  });

  it.each([
    { what: "a member that is missing", spec: { maxUnavailable: 1, selector: 3 }, told: /selector/ },
    {
      what: "a member that no schema has",
      spec: { maxUnavailble: 1 },
      told: /maxUnavailble is in no schema/,
    },
    { what: "a word that is none", spec: { unhealthyPodEvictionPolicy: "Always" }, told: /Policy/ },
  ])("refuse $what", ({ spec, told }) => {
    expect(problemsOf({ ...podDisruptionBudget, spec }).join("\n")).toMatch(told);
  });
});

it.each(named)("$name can be applied: kubectl keeps it in an annotation of 256 KiB", ({ manifest }) => {
  expect(Buffer.byteLength(JSON.stringify(manifest))).toBeLessThan(262_144 - 1_000);
});

describe("the Deployment", () => {
  const spec = deployment.spec as { template: { spec: Record<string, unknown> } };
  const pod = spec.template.spec;
  const [container] = pod.containers as [Record<string, unknown>];
  const config = only(
    manifests.filter(({ metadata }) => metadata.name === "dlr-exporter"),
    "ConfigMap",
  );

  it("has no variables of Services, no root, no capabilities, nothing to write to but /tmp", () => {
    expect(pod).toMatchObject({ enableServiceLinks: false, automountServiceAccountToken: false });
    expect(pod.securityContext).toMatchObject({ runAsNonRoot: true, runAsUser: 1000 });
    expect(readFileSync("Dockerfile", "utf8")).toMatch(/^USER 1000:1000$/m);
    expect(container.securityContext).toEqual({
      allowPrivilegeEscalation: false,
      readOnlyRootFilesystem: true,
      capabilities: { drop: ["ALL"] },
    });
  });

  it("asks the program what it answers", () => {
    const server = readFileSync("src/http/server.ts", "utf8");
    for (const probe of ["startupProbe", "livenessProbe", "readinessProbe"]) {
      const { httpGet } = container[probe] as { httpGet: { path: string; port: string } };
      expect(httpGet.port).toBe("http");
      expect(server).toContain(`"${httpGet.path}"`);
    }
    expect(container.livenessProbe).toMatchObject({ httpGet: { path: "/-/healthy" } });
    expect(container.readinessProbe).toMatchObject({ httpGet: { path: "/-/ready" } });
  });

  it("gives a shutdown more than the 10 s that it takes", () => {
    expect(pod.terminationGracePeriodSeconds).toBeGreaterThan(15);
  });

  it("runs with the mounted configuration, on the port that is told", () => {
    const [command, flag, file = ""] = container.args as string[];
    expect([command, flag]).toEqual(["run", "--config"]);
    const [mount] = container.volumeMounts as [{ name: string; mountPath: string }];
    expect(pod.volumes).toContainEqual({ name: mount.name, configMap: { name: config.metadata.name } });
    expect(Object.keys(config.data as object).map((name) => `${mount.mountPath}/${name}`)).toContain(file);
    const loaded = loadSettings({ flags: { config: `${plainFolder}/base/dlr-exporter.yaml` }, env: {} });
    if (!("settings" in loaded)) throw new Error("the configuration has problems");
    expect(container.ports).toEqual([{ name: "http", containerPort: loaded.settings.port, protocol: "TCP" }]);
  });
});

it("the chart's values are what the manifests have", () => {
  const values = readYaml("deploy/helm/dlr-exporter/values.yaml");
  expect(values).toMatchObject({ ...defaults, config: readYaml(`${plainFolder}/base/dlr-exporter.yaml`) });
});

describe("Prometheus and Grafana", () => {
  it("have the job that the alerts name", () => {
    expect(only(manifests, "PodMonitor").spec).toMatchObject({
      jobLabel: "app.kubernetes.io/name",
      selector: { matchLabels: { "app.kubernetes.io/name": "dlr-exporter" } },
      podMetricsEndpoints: [{ port: "http", path: "/metrics", interval: "15s" }],
    });
    expect(deployment.metadata.labels["app.kubernetes.io/name"]).toBe("dlr-exporter");
  });

  it("have every rule", () => {
    const { groups } = only(manifests, "PrometheusRule").spec as {
      groups: { name: string; rules: object[] }[];
    };
    expect(groups.flatMap(({ rules }) => rules)).toEqual(
      readRules().map((rule) => expect.objectContaining({ expr: rule.expr })),
    );
    expect(new Set(groups.map(({ name }) => name)).size).toBe(groups.length);
  });

  it("have every dashboard, where the sidecar looks", () => {
    const found = manifests.filter(({ metadata }) => metadata.labels.grafana_dashboard === "1");
    const texts = found.flatMap(({ data }) => Object.entries(data as Record<string, string>));
    const shipped = ["dashboards", "dashboards-zh"].flatMap((folder) =>
      readdirSync(`grafana/${folder}`).map((file) => [
        file,
        readFileSync(`grafana/${folder}/${file}`, "utf8"),
      ]),
    );
    expect(texts.map(([file, text]) => [file, JSON.parse(text)]).sort()).toEqual(
      shipped.map(([file, text = ""]) => [file, JSON.parse(text)]).sort(),
    );
  });
});

it("the example has a configuration that the program takes, with the files of its Secret", async () => {
  const folder = await temporaryFolder("dlr-example-");
  try {
    for (const made of ["config", "secret"]) mkdirSync(join(folder.path, made));
    const config = join(folder.path, "config/dlr-exporter.yaml");
    copyFileSync(`${plainFolder}/example/dlr-exporter.yaml`, config);
    writeFileSync(join(folder.path, "secret/password"), "secret\n");
    writeFileSync(join(folder.path, "secret/ca.pem"), rootCertificates[0] ?? "");
    expect(loadSettings({ flags: { config }, env: {} })).not.toHaveProperty("problems");
  } finally {
    await folder.remove();
  }
});
