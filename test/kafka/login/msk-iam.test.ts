import { pino } from "pino";
import { expect, it } from "vitest";
import { Cluster, inNoGroup } from "../../../src/kafka/cluster.ts";
import { LiveConsumer } from "../../../src/kafka/consumer.ts";

const client = {
  brokers: ["127.0.0.1:1"],
  clientId: "test",
  ssl: undefined,
  sasl: { mechanism: "aws_msk_iam", region: "eu-central-1" },
} as const;
const member = {
  group: "g",
  sessionTimeoutMs: 10_000,
  commitIntervalMs: 1_000,
  metadataIntervalMs: 1_000,
  metadataLimit: 4096,
};
const log = pino({ level: "silent" });

it.each([
  ["the exporter", () => new LiveConsumer(client, member, [], log)],
  ["a replay", () => new Cluster(client, inNoGroup, log)],
])("names the package that is to be installed before anything else is done: %s", (_, begin) => {
  expect(begin).toThrow(
    "the login aws_msk_iam needs the package aws-msk-iam-sasl-signer-js, which is not installed: " +
      "run `npm install aws-msk-iam-sasl-signer-js@1` where dlr-exporter is installed",
  );
});
