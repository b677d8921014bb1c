import {
  PodMonitor,
  PrometheusRule,
  ServiceMonitor,
} from "@kubernetes-models/prometheus-operator/monitoring.coreos.com/v1";
import { Deployment } from "kubernetes-models/apps/v1";
import { PodDisruptionBudget } from "kubernetes-models/policy/v1";
import { ConfigMap, Service, ServiceAccount } from "kubernetes-models/v1";
import { z } from "zod";

const models = [
  Deployment,
  PodDisruptionBudget,
  ConfigMap,
  Service,
  ServiceAccount,
  PodMonitor,
  ServiceMonitor,
  PrometheusRule,
];

const typeMeta = z.looseObject({ apiVersion: z.string(), kind: z.string() });

/**
 * What the schemas of Kubernetes and of Prometheus Operator have against an object: what is missing, of a wrong type, or
 * in no schema. The schemas themselves allow members that they do not know, which the API server then drops.
 *
 * @returns nothing for an object that is right, and one of a kind that is not known here is not
 */
export function problemsOf(manifest: unknown): string[] {
  const { apiVersion, kind } = typeMeta.parse(manifest);
  const model = models.find((one) => one.is({ apiVersion, kind }));
  if (model === undefined) return [`${apiVersion} ${kind} is not known`];
  const looks = new Map<object, Set<string>>();
  try {
    model.prototype.validate.call(watched(manifest, looks));
  } catch (error) {
    return [`${kind}: ${String(error)}`];
  }
  return unseen(manifest, "", looks).map((path) => `${kind}: ${path} is in no schema`);
}

/** The value, with a note of the members that somebody looks at. */
function watched(value: unknown, looks: Map<object, Set<string>>): unknown {
  if (value === null || typeof value !== "object") return value;
  const seen = looks.get(value) ?? new Set();
  looks.set(value, seen);
  return new Proxy(value, {
    get(target, key, receiver) {
      if (typeof key === "string") seen.add(key);
      return watched(Reflect.get(target, key, receiver), looks);
    },
    // Any name will do there.
    ownKeys(target) {
      const keys = Reflect.ownKeys(target);
      for (const key of keys) seen.add(String(key));
      return keys;
    },
  });
}

/** The paths of members that nobody has looked at. */
function unseen(value: unknown, path: string, looks: ReadonlyMap<object, ReadonlySet<string>>): string[] {
  if (value === null || typeof value !== "object") return [];
  const seen = looks.get(value);
  return Object.entries(value).flatMap(([key, inner]) =>
    seen?.has(key) ? unseen(inner, `${path}/${key}`, looks) : [`${path}/${key}`],
  );
}
