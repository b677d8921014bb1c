import { writeFile } from "node:fs/promises";
import { join } from "node:path";
import {
  type AclEntry,
  AclOperationTypes,
  AclPermissionTypes,
  AclResourceTypes,
  ResourcePatternTypes,
} from "kafkajs";
import { afterAll, beforeAll, expect, it } from "vitest";
import { type TemporaryFolder, temporaryFolder } from "../lab/guarded.ts";
import { receiptsOf } from "./counting.ts";
import { createTopic, produce, randomName, withAdmin } from "./harness.ts";
import { replayed, untilNow } from "./replaying.ts";
import { describeWithLogins } from "./with-broker.ts";

describeWithLogins("a replay without a right", ({ brokers, secure }) => {
  const [open, hidden, shown] = [randomName("open"), randomName("hidden"), randomName("shown")];
  let folder: TemporaryFolder;
  let config = "";

  const entry = (
    resourceName: string,
    operation: "READ" | "DESCRIBE",
    permission: "ALLOW" | "DENY",
  ): AclEntry => ({
    resourceType: AclResourceTypes.TOPIC,
    resourceName,
    resourcePatternType: ResourcePatternTypes.PREFIXED,
    principal: `User:${secure.username}`,
    host: "*",
    operation: AclOperationTypes[operation],
    permissionType: AclPermissionTypes[permission],
  });

  beforeAll(async () => {
    folder = await temporaryFolder("dlr-exporter-rights-");
    config = join(folder.path, "login.yaml");
    const password = join(folder.path, "password");
    await writeFile(password, secure.password, { mode: 0o600 });
    const login = `mechanism: plain, username: ${secure.username}, password_file: ${password}`;
    await writeFile(config, `sasl: { ${login} }\n`);
    for (const topic of [open, hidden, shown]) {
      await createTopic(brokers, topic, 1);
      await produce(brokers, topic, receiptsOf("12", 3));
    }
    await withAdmin(brokers, (admin) =>
      admin.createAcls({
        acl: [entry(hidden, "READ", "DENY"), entry(shown, "READ", "DENY"), entry(shown, "DESCRIBE", "ALLOW")],
      }),
    );
  });
  afterAll(() => folder?.remove());

  const user = `the user ${secure.username}`;
  const topic = (name: string) =>
    new RegExp(`^dlr-exporter: ${user} has no access to the topic ${name}: grant READ on it\n$`);
  const nowhere = randomName("nowhere");
  const rows = [
    { name: "a topic that it may not see", topics: [open, hidden], says: topic(hidden) },
    { name: "a topic that it may see alone", topics: [shown], says: topic(shown) },
    {
      name: "nothing, but there is no such topic",
      topics: [nowhere],
      says: new RegExp(`^dlr-exporter: topic ${nowhere} does not exist\n$`),
    },
  ];
  it.each(rows)("says so: $name", async ({ topics, says }) => {
    const { code, stderr } = await replayed(
      ...["--config", config, "--brokers", secure.sasl.join(",")],
      ...topics.flatMap((name) => ["--topic", name]),
      ...[...untilNow(), "--quiet"],
    );
    expect(stderr).toMatch(says);
    expect(code).toBe(1);
  });
});
