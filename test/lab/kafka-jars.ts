import { execFile } from "node:child_process";
import { existsSync } from "node:fs";
import { mkdir, mkdtemp, rename, rm, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { promisify } from "node:util";
import type { BrokerOptions } from "./broker-contract.ts";
import { cacheFolder } from "./cache.ts";
import type { KafkaVersion } from "./kafka-versions.ts";

const run = promisify(execFile);

/** The broker, with its ZooKeeper where it has one, its tools, and a log binding that stays quiet below errors. */
function pom({ release, tools }: KafkaVersion): string {
  const dependencies = [
    dependency("org.apache.kafka", "kafka_2.13", release),
    dependency("org.apache.logging.log4j", "log4j-slf4j-impl", "2.25.4"),
    tools === "kafka-tools"
      ? dependency("org.apache.kafka", tools, release, ["connect-runtime", "connect-api", "connect-json"])
      : // before Kafka 4 the broker itself calls log4j 1
        dependency("org.apache.logging.log4j", "log4j-1.2-api", "2.25.4"),
  ];
  return `<project xmlns="http://maven.apache.org/POM/4.0.0">
  <modelVersion>4.0.0</modelVersion>
  <groupId>dlr-exporter</groupId><artifactId>demo-broker</artifactId><version>1</version>
  <dependencies>${dependencies.join("")}</dependencies>
</project>
`;
}

function dependency(group: string, artifact: string, version: string, without: readonly string[] = []) {
  const element = (name: string) => `<groupId>${group}</groupId><artifactId>${name}</artifactId>`;
  const exclusions = without.map((name) => `<exclusion>${element(name)}</exclusion>`).join("");
  return `<dependency>${element(artifact)}<version>${version}</version><exclusions>${exclusions}</exclusions></dependency>`;
}

/** The folder that holds a version's jars once they were fetched, under the user's cache folder. */
function jarsFolder({ release }: KafkaVersion): string {
  return cacheFolder(`kafka-${release}`);
}

/** Whether the jars are here already, so that neither Maven nor the network is needed. */
export function jarsAreHere(kafka: KafkaVersion): boolean {
  return existsSync(jarsFolder(kafka));
}

/**
 * Fetches the jars of a version of Kafka (about 50 MB) with Maven into the user's cache folder, unless they are there.
 * The folder appears whole or not at all, also when two processes fetch at once.
 *
 * @returns the folder
 * @throws Error when Maven fails
 */
export async function fetchJars(kafka: KafkaVersion, { onProgress, signal }: BrokerOptions): Promise<string> {
  const folder = jarsFolder(kafka);
  if (jarsAreHere(kafka)) return folder;
  onProgress?.(`fetching Kafka ${kafka.release} with Maven into ${folder} (once, about 50 MB)`);
  await mkdir(join(folder, ".."), { recursive: true });
  const draft = await mkdtemp(`${folder}.draft-`);
  try {
    const pomFile = join(draft, "pom.xml");
    const jars = join(draft, "jars");
    await writeFile(pomFile, pom(kafka));
    const goal = ["dependency:copy-dependencies", "-DincludeScope=runtime", `-DoutputDirectory=${jars}`];
    await run("mvn", ["-q", "-B", "-f", pomFile, ...goal], signal === undefined ? {} : { signal });
    await rename(jars, folder).catch((error: unknown) => {
      // another process was first, with the same jars
      if (!jarsAreHere(kafka)) throw error;
    });
    return folder;
  } finally {
    await rm(draft, { recursive: true, force: true });
  }
}
