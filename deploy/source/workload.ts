import type { IDeployment } from "kubernetes-models/apps/v1";
import type { IPodDisruptionBudget } from "kubernetes-models/policy/v1";
import type { IService, IServiceAccount } from "kubernetes-models/v1";
import manifest from "../../package.json" with { type: "json" };

/** What the deployment, its job in Prometheus and what belongs to them are called. The alerts name the job. */
export const name = "dlr-exporter";

/** The labels that an object is found by. */
export const selector = { "app.kubernetes.io/name": name, "app.kubernetes.io/instance": name };

/** The labels of an object. */
export const labels = { ...selector, "app.kubernetes.io/version": manifest.version };

/** Where the configuration is mounted, and what it is called there. */
const configuration = { folder: "/etc/dlr-exporter/config", file: "dlr-exporter.yaml" };

const port = 9464;

/** What the chart's values and the manifests have in common, as the values have it. */
export const defaults = {
  /** Two, so that a lost node is a takeover. More than there are partitions have nothing to do. */
  replicaCount: 2,
  /** SIGTERM commits and ends within 10 s; a starved process gets three times as long. */
  terminationGracePeriodSeconds: 30,
  podSecurityContext: {
    runAsNonRoot: true,
    runAsUser: 1000,
    runAsGroup: 1000,
    // A mounted secret need not be readable by everybody.
    fsGroup: 1000,
    seccompProfile: { type: "RuntimeDefault" as const },
  },
  securityContext: {
    allowPrivilegeEscalation: false,
    readOnlyRootFilesystem: true,
    capabilities: { drop: ["ALL"] },
  },
  resources: { requests: { cpu: "100m", memory: "256Mi" }, limits: { memory: "512Mi" } },
  strategy: { type: "RollingUpdate" as const, rollingUpdate: { maxSurge: 1, maxUnavailable: 0 } },
  // While Kafka is away no instance is ready, and nodes have to be drained all the same.
  podDisruptionBudget: { maxUnavailable: 1, unhealthyPodEvictionPolicy: "AlwaysAllow" as const },
};

/** One of the program's answers that Kubernetes asks for. */
function asks(path: string, every: { periodSeconds: number; failureThreshold: number }) {
  return { httpGet: { path, port: "http" }, timeoutSeconds: 5, ...every };
}

/** Instances are spread, where there is a choice: none is kept waiting for it. */
function spread(topologyKey: string) {
  return {
    maxSkew: 1,
    topologyKey,
    whenUnsatisfiable: "ScheduleAnyway" as const,
    labelSelector: { matchLabels: selector },
  };
}

export const deployment: IDeployment = {
  apiVersion: "apps/v1",
  kind: "Deployment",
  metadata: { name, labels },
  spec: {
    replicas: defaults.replicaCount,
    strategy: defaults.strategy,
    selector: { matchLabels: selector },
    template: {
      metadata: { labels },
      spec: {
        serviceAccountName: name,
        // It asks nothing of Kubernetes.
        automountServiceAccountToken: false,
        // A Service called `dlr` would set DLR_PORT and others, which are refused.
        enableServiceLinks: false,
        terminationGracePeriodSeconds: defaults.terminationGracePeriodSeconds,
        securityContext: defaults.podSecurityContext,
        topologySpreadConstraints: [spread("kubernetes.io/hostname"), spread("topology.kubernetes.io/zone")],
        containers: [
          {
            name,
            image: `${name}:${manifest.version}`,
            imagePullPolicy: "IfNotPresent",
            args: ["run", "--config", `${configuration.folder}/${configuration.file}`],
            ports: [{ name: "http", containerPort: port, protocol: "TCP" }],
            startupProbe: asks("/-/healthy", { periodSeconds: 2, failureThreshold: 60 }),
            livenessProbe: asks("/-/healthy", { periodSeconds: 10, failureThreshold: 6 }),
            readinessProbe: asks("/-/ready", { periodSeconds: 10, failureThreshold: 3 }),
            securityContext: defaults.securityContext,
            resources: defaults.resources,
            volumeMounts: [
              { name: "config", mountPath: configuration.folder, readOnly: true },
              // For a replay that is run in here; the exporter writes no file.
              { name: "tmp", mountPath: "/tmp" },
            ],
          },
        ],
        volumes: [
          { name: "config", configMap: { name } },
          { name: "tmp", emptyDir: {} },
        ],
      },
    },
  },
};

export const service: IService = {
  apiVersion: "v1",
  kind: "Service",
  metadata: { name, labels },
  spec: {
    type: "ClusterIP",
    selector,
    ports: [{ name: "http", port: port, targetPort: "http", protocol: "TCP" }],
  },
};

export const serviceAccount: IServiceAccount = {
  apiVersion: "v1",
  kind: "ServiceAccount",
  metadata: { name, labels },
  automountServiceAccountToken: false,
};

export const podDisruptionBudget: IPodDisruptionBudget = {
  apiVersion: "policy/v1",
  kind: "PodDisruptionBudget",
  metadata: { name, labels },
  spec: { ...defaults.podDisruptionBudget, selector: { matchLabels: selector } },
};
