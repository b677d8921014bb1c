import { spawnSync } from "node:child_process";
import { existsSync, readdirSync, readFileSync } from "node:fs";
import { dirname } from "node:path";
import { describe, expect, test } from "vitest";
import { z } from "zod";
import { readYaml } from "./files.ts";

const service = z.object({
  image: z.string(),
  restart: z.literal("unless-stopped").optional(),
  stop_grace_period: z.string().optional(),
  cap_drop: z.array(z.string()).default([]),
  cap_add: z.never().optional(),
  privileged: z.never().optional(),
  read_only: z.boolean().default(false),
  tmpfs: z.array(z.string()).default([]),
  security_opt: z.array(z.string()).default([]),
  command: z.array(z.string()).default([]),
  ports: z.array(z.string()).default([]),
  volumes: z.array(z.string()).default([]),
});
const compose = z
  .object({ services: z.record(z.string(), service), volumes: z.record(z.string(), z.null()) })
  .parse(readYaml("docker-compose.yml"));
const services = Object.entries(compose.services).map(([name, one]) => ({ name, ...one }));
const mounts = services.flatMap(({ name, volumes }) =>
  volumes.map((volume) => {
    const [source = "", inside = "", mode] = volume.split(":");
    return { name: `${name} ${inside}`, source, inside, mode };
  }),
);

const targets = z.array(z.object({ targets: z.array(z.string()) }));

/** Where a file or folder of the repository is mounted. */
function inside(source: string): string | undefined {
  return mounts.find((mount) => mount.source === source)?.inside;
}

/** The value of a service's flag. */
function flagOf(service: string, flag: string): string | undefined {
  const given = compose.services[service]?.command.find((word) => word.startsWith(`${flag}=`));
  return given?.slice(flag.length + 1);
}

/** The plugin, or the program of old. */
const command = [["docker", "compose"], ["docker-compose"]].find(
  ([program = "", ...words]) => spawnSync(program, [...words, "version"]).status === 0,
);
const missing = command === undefined ? "neither docker compose nor docker-compose is installed" : undefined;
if (missing !== undefined) console.warn(`${missing}: docker-compose.yml is checked by its structure alone`);

test.skipIf(missing !== undefined && process.env.CI !== "true")("docker compose takes it", () => {
  const [program = "", ...words] = command ?? [];
  expect(missing).toBeUndefined();
  const { status, stderr } = spawnSync(program, [...words, "config"], { encoding: "utf8" });
  expect(status, stderr).toBe(0);
});

/** A whole version, whatever the image is made on. */
const exactTag = /:v?\d+\.\d+\.\d+(?:-[a-z]+)?$/;

describe.each(services)("service $name", ({ name, image, restart, ports, ...service }) => {
  test("has a pinned image, but for the one that is built here", () => {
    expect(image).toMatch(name === "exporter" ? /^dlr-exporter$/ : exactTag);
  });

  test("comes back after a crash, but for the one that is done when it ends", () => {
    expect(restart).toBe(name === "topic" ? undefined : "unless-stopped");
  });

  test("has no rights but its user's, and writes where it has to alone", () => {
    expect(service.cap_drop).toEqual(["ALL"]);
    expect(service.security_opt).toEqual(["no-new-privileges:true"]);
    // these images write beside their data when they start
    expect(service.read_only).toBe(!["kafka", "topic", "grafana"].includes(name));
    expect(service.tmpfs).toEqual(name === "exporter" ? ["/tmp"] : []);
  });

  test("is reached from this machine only", () => {
    for (const port of ports) expect(port).toMatch(/^127\.0\.0\.1:\d+:\d+$/);
  });
});

test.each(mounts)("mount $name", ({ source, mode }) => {
  if (source.startsWith("./")) {
    expect(existsSync(source)).toBe(true);
    expect(mode).toBe("ro");
  } else {
    expect(Object.keys(compose.volumes)).toContain(source);
  }
});

test("the exporter is given more time to stop than it takes", () => {
  expect(compose.services.exporter?.stop_grace_period).toBe("15s");
});

describe("the parts know each other", () => {
  test("Prometheus scrapes the exporter as often as Grafana believes", () => {
    const prometheus = z
      .object({
        global: z.object({ scrape_interval: z.string() }),
        scrape_configs: z.array(z.object({ job_name: z.string(), static_configs: targets })),
      })
      .parse(readYaml("grafana/prometheus.yml"));
    const datasource = z
      .object({
        datasources: z.array(z.object({ url: z.string(), jsonData: z.object({ timeInterval: z.string() }) })),
      })
      .parse(readYaml("grafana/provisioning/datasources/prometheus.yml")).datasources[0];
    expect(prometheus.scrape_configs[0]).toMatchObject({
      job_name: "dlr-exporter",
      static_configs: [{ targets: ["exporter:9464"] }],
    });
    expect(datasource?.jsonData.timeInterval).toBe(prometheus.global.scrape_interval);
    expect(datasource?.url).toBe("http://prometheus:9090");
  });

  test("Prometheus finds Alertmanager, and that the pager", () => {
    const { alerting } = z
      .object({ alerting: z.object({ alertmanagers: z.array(z.object({ static_configs: targets })) }) })
      .parse(readYaml("grafana/prometheus.yml"));
    expect(alerting.alertmanagers).toEqual([{ static_configs: [{ targets: ["alertmanager:9093"] }] }]);
    expect(inside("./grafana/alertmanager.yml")).toBe(flagOf("alertmanager", "--config.file"));
    expect(compose.services.pager?.command).toEqual(["node", inside("./src/demo/pager.ts"), "8080"]);
  });

  test("Prometheus finds the rules", () => {
    const config = flagOf("prometheus", "--config.file") ?? "";
    expect(inside("./grafana/prometheus.yml")).toBe(config);
    expect(inside("./grafana/rules")).toBe(`${dirname(config)}/rules`);
    expect(readYaml("grafana/prometheus.yml")).toMatchObject({ rule_files: ["rules/*.rules.yml"] });
  });

  test("Grafana finds the dashboards where they are mounted", () => {
    const providers = z
      .object({ providers: z.array(z.object({ options: z.object({ path: z.string() }) })) })
      .parse(readYaml("grafana/provisioning/dashboards/dlr.yml")).providers;
    const folders = ["./grafana/dashboards", "./grafana/dashboards-zh"];
    expect(providers.map(({ options }) => options.path)).toEqual(folders.map(inside));
    expect(readdirSync("grafana/dashboards")).toContain("dlr-overview.json");
  });

  test("the runbooks are served where the alerts look for them", () => {
    expect(inside("./grafana/runbooks.md")).toBe(`${flagOf("prometheus", "--web.user-assets")}/runbooks.md`);
  });
});

describe("Dockerfile", () => {
  const dockerfile = readFileSync("Dockerfile", "utf8");
  const ignored = readFileSync(".dockerignore", "utf8").split("\n");

  test("is run by an ordinary user, without a shell or npm in between", () => {
    // by number: Kubernetes' runAsNonRoot believes no name
    expect(dockerfile).toMatch(/^USER 1000:1000$/m);
    expect(dockerfile).toMatch(/^ENTRYPOINT \["node", "--max-semi-space-size=2", "dist\/main\.js"\]$/m);
    expect(dockerfile).toMatch(/^CMD \["run"\]$/m);
  });

  test("has nothing in it that only development needs, and runs no script of a package", () => {
    const stages = dockerfile.split(/^FROM /m).slice(1);
    expect(stages).toHaveLength(2);
    expect(stages[0]).toMatch(/^RUN npm ci --ignore-scripts$/m);
    expect(stages[0]).toMatch(/^RUN .* npm prune --omit=dev --ignore-scripts$/m);
    expect(stages[1]).not.toMatch(/^RUN/m);
  });

  test("everything that it copies from the repository exists and is sent to the engine", () => {
    const sources = [...dockerfile.matchAll(/^COPY (?!--from)(.+) \S+$/gm)].flatMap(
      ([, words]) => words?.split(" ") ?? [],
    );
    expect(sources.length).toBeGreaterThan(3);
    for (const source of sources) {
      expect(existsSync(source), source).toBe(true);
      expect(ignored).toContain(`!${source.replace("./", "")}`);
    }
  });
});

test("no image floats, wherever one is named", () => {
  const tracked = spawnSync("git", ["ls-files", "--cached", "--others", "--exclude-standard"], {
    encoding: "utf8",
  });
  const files = tracked.stdout.split("\n").filter((file) => existsSync(file) && !/\.(?:png|svg)$/.test(file));
  expect(files).toContain("Dockerfile");
  const names = services
    .map(({ image }) => image.split(":")[0] ?? "")
    .filter((name) => name !== "dlr-exporter");
  // `node:fs` is a module, and so is `node:v8`
  const named = new RegExp(
    `(?<![\\w/-])(?!node:v8)(?:${names.join("|")}):(?:v?\\d|latest|lts|slim|current|alpine)[\\w.-]*`,
    "g",
  );
  const images = files.flatMap((file) => {
    const text = readFileSync(file, "utf8");
    // what is started, of whatever name, and what is talked of; the chart's comes of its values
    const built = /Dockerfile|(?<!\/templates\/.*)\.ya?ml$/.test(file)
      ? [...text.matchAll(/^(?:FROM| +image:) +(\S+)/gm)].map(([, image = ""]) => image)
      : [];
    return [...built, ...(text.match(named) ?? [])].map((image) => ({ file, image }));
  });
  expect(images.length).toBeGreaterThan(15);
  const own = images.filter(({ image }) => image !== "dlr-exporter");
  expect(own.filter(({ image }) => !exactTag.test(image.replace(/[.-]+$/, "")))).toEqual([]);
});
