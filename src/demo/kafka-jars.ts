import { execFile } from "node:child_process";
import { existsSync } from "node:fs";
import { mkdir, mkdtemp, rename, rm, writeFile } from "node:fs/promises";
import { homedir } from "node:os";
import { join } from "node:path";
import { promisify } from "node:util";
import type { BrokerOptions } from "./broker-contract.ts";

const run = promisify(execFile);
const kafkaVersion = "4.3.1";

/** The broker, its command line tools (without Kafka Connect), and a log binding that stays quiet below errors. */
const pom = `<project xmlns="http://maven.apache.org/POM/4.0.0">
  <modelVersion>4.0.0</modelVersion>
  <groupId>dlr-exporter</groupId><artifactId>demo-broker</artifactId><version>1</version>
  <dependencies>
    <dependency><groupId>org.apache.kafka</groupId><artifactId>kafka_2.13</artifactId><version>${kafkaVersion}</version></dependency>
    <dependency><groupId>org.apache.kafka</groupId><artifactId>kafka-tools</artifactId><version>${kafkaVersion}</version>
      <exclusions>
        <exclusion><groupId>org.apache.kafka</groupId><artifactId>connect-runtime</artifactId></exclusion>
        <exclusion><groupId>org.apache.kafka</groupId><artifactId>connect-api</artifactId></exclusion>
        <exclusion><groupId>org.apache.kafka</groupId><artifactId>connect-json</artifactId></exclusion>
      </exclusions>
    </dependency>
    <dependency><groupId>org.apache.logging.log4j</groupId><artifactId>log4j-slf4j-impl</artifactId><version>2.25.4</version></dependency>
  </dependencies>
</project>
`;

/** The folder that holds Kafka's jars once they were fetched, under the user's cache folder. */
export function jarsFolder(): string {
  const cache = process.env.XDG_CACHE_HOME ?? "";
  return join(cache === "" ? join(homedir(), ".cache") : cache, "dlr-exporter", `kafka-${kafkaVersion}`);
}

/** Whether the jars are here already, so that neither Maven nor the network is needed. */
export function jarsAreHere(): boolean {
  return existsSync(jarsFolder());
}

/**
 * Fetches Kafka's jars (about 50 MB) with Maven into {@link jarsFolder}, unless they are there.
 * The folder appears whole or not at all, also when two processes fetch at once.
 *
 * @throws Error when Maven fails
 */
export async function fetchJars({ onProgress, signal }: BrokerOptions): Promise<string> {
  const folder = jarsFolder();
  if (jarsAreHere()) return folder;
  onProgress?.(`fetching Kafka ${kafkaVersion} with Maven into ${folder} (once, about 50 MB)`);
  await mkdir(join(folder, ".."), { recursive: true });
  const draft = await mkdtemp(`${folder}.draft-`);
  try {
    const pomFile = join(draft, "pom.xml");
    const jars = join(draft, "jars");
    await writeFile(pomFile, pom);
    const goal = ["dependency:copy-dependencies", "-DincludeScope=runtime", `-DoutputDirectory=${jars}`];
    await run("mvn", ["-q", "-B", "-f", pomFile, ...goal], signal === undefined ? {} : { signal });
    await rename(jars, folder).catch((error: unknown) => {
      // another process was first, with the same jars
      if (!jarsAreHere()) throw error;
    });
    return folder;
  } finally {
    await rm(draft, { recursive: true, force: true });
  }
}
