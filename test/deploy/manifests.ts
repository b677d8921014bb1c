import { existsSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { z } from "zod";
import { readYaml } from "../grafana/files.ts";

export const plainFolder = "deploy/kubernetes";

const kustomization = z.object({
  resources: z.array(z.string()).default([]),
  configMapGenerator: z.array(z.object({ name: z.string(), files: z.array(z.string()) })).default([]),
});

/** An object of Kubernetes. */
export type Manifest = z.output<typeof manifestShape>;

export const manifestShape = z.looseObject({
  apiVersion: z.string(),
  kind: z.string(),
  metadata: z.looseObject({
    name: z.string(),
    labels: z.record(z.string(), z.string()).default({}),
    annotations: z.record(z.string(), z.string()).optional(),
  }),
});

/** The objects of a folder, as kustomize finds them: its resources, and the ConfigMaps that it is to make of files. */
export function plainManifests(folder = plainFolder): Manifest[] {
  const { resources, configMapGenerator } = kustomization.parse(readYaml(join(folder, "kustomization.yaml")));
  const made = configMapGenerator.map(({ name, files }) => ({
    apiVersion: "v1",
    kind: "ConfigMap",
    metadata: { name, labels: {} },
    data: Object.fromEntries(files.map((file) => [file, readFileSync(join(folder, file), "utf8")])),
  }));
  const read = resources.flatMap((resource) => {
    const path = join(folder, resource);
    return existsSync(join(path, "kustomization.yaml"))
      ? plainManifests(path)
      : [manifestShape.parse(readYaml(path))];
  });
  return [...read, ...made];
}

/** The one object of a kind. @throws Error when there is none, or several */
export function only(manifests: readonly Manifest[], kind: string): Manifest {
  const [found, ...others] = manifests.filter((manifest) => manifest.kind === kind);
  if (found === undefined || others.length > 0) throw new Error(`not one ${kind}, but ${others.length}`);
  return found;
}
