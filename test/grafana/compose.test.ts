import { spawnSync } from "node:child_process";
import { existsSync, readdirSync, readFileSync } from "node:fs";
import { describe, expect, test } from "vitest";
import { z } from "zod";
import { readYaml } from "./files.ts";

const service = z.object({
  image: z.string(),
  restart: z.literal("unless-stopped").optional(),
  stop_grace_period: z.string().optional(),
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

if (spawnSync("docker", ["compose", "version"]).status === 0) {
  test("docker compose takes it", () => {
    const { status, stderr } = spawnSync("docker", ["compose", "config"], { encoding: "utf8" });
    expect(status, stderr).toBe(0);
  });
} else {
  console.warn("docker compose is not installed: docker-compose.yml is checked by its structure alone");
}

describe.each(services)("service $name", ({ name, image, restart, ports }) => {
  test("has a pinned image, but for the one that is built here", () => {
    expect(image).toMatch(name === "exporter" ? /^dlr-exporter$/ : /:v?\d+\.\d+\.\d+$/);
  });

  test("comes back after a crash, but for the one that is done when it ends", () => {
    expect(restart).toBe(name === "topic" ? undefined : "unless-stopped");
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
        scrape_configs: z.array(
          z.object({
            job_name: z.string(),
            static_configs: z.array(z.object({ targets: z.array(z.string()) })),
          }),
        ),
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

  test("Grafana finds the dashboards where they are mounted", () => {
    const providers = z
      .object({ providers: z.array(z.object({ options: z.object({ path: z.string() }) })) })
      .parse(readYaml("grafana/provisioning/dashboards/dlr.yml")).providers;
    expect(mounts.find(({ source }) => source === "./grafana/dashboards")?.inside).toBe(
      providers[0]?.options.path,
    );
    expect(readdirSync("grafana/dashboards")).toContain("dlr-overview.json");
  });

  test("the runbooks are served where the alerts look for them", () => {
    const assets = compose.services.prometheus?.command.find((flag) => flag.startsWith("--web.user-assets="));
    const inside = mounts.find(({ source }) => source === "./grafana/runbooks.md")?.inside;
    expect(inside).toBe(`${assets?.split("=")[1]}/runbooks.md`);
  });
});

describe("Dockerfile", () => {
  const dockerfile = readFileSync("Dockerfile", "utf8");
  const ignored = readFileSync(".dockerignore", "utf8").split("\n");

  test("is run by an ordinary user, without a shell or npm in between", () => {
    expect(dockerfile).toMatch(/^USER node$/m);
    expect(dockerfile).toMatch(/^ENTRYPOINT \["node", "dist\/main\.js"\]$/m);
    expect(dockerfile).toMatch(/^CMD \["run"\]$/m);
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
