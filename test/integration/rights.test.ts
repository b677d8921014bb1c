import { AclOperationTypes, AclPermissionTypes, AclResourceTypes, ResourcePatternTypes } from "kafkajs";
import { afterAll, beforeAll, expect, it } from "vitest";
import { countedOf, receiptsOf, runFlags, untilCounted } from "./counting.ts";
import {
  createTopic,
  type ExporterProcess,
  produce,
  randomName,
  startExporter,
  waitFor,
  withAdmin,
} from "./harness.ts";
import { describeWithLogins } from "./with-broker.ts";

describeWithLogins("READ that is taken away in mid-run", ({ brokers, secure }) => {
  const [closed, open] = [randomName("closed"), randomName("open")];
  const group = randomName("rights");
  let exporter: ExporterProcess;

  const denial = (kind: "TOPIC" | "GROUP", name: string) => ({
    resourceType: AclResourceTypes[kind],
    resourceName: name,
    resourcePatternType: ResourcePatternTypes.LITERAL,
    principal: `User:${secure.username}`,
    host: "*",
    operation: AclOperationTypes.READ,
    permissionType: AclPermissionTypes.DENY,
  });
  const deny = (kind: "TOPIC" | "GROUP", name: string) =>
    withAdmin(brokers, (admin) => admin.createAcls({ acl: [denial(kind, name)] }));
  const allow = (kind: "TOPIC" | "GROUP", name: string) =>
    withAdmin(brokers, (admin) => admin.deleteAcls({ filters: [denial(kind, name)] }));
  const until = (text: string) =>
    waitFor(
      async () => {
        const answer = await (await exporter.get("/-/ready")).text();
        if (!answer.includes(text)) throw new Error(answer);
        return true;
      },
      { what: text },
    );

  beforeAll(async () => {
    await createTopic(brokers, closed, 1);
    await createTopic(brokers, open, 1);
    exporter = await startExporter(runFlags(secure.sasl, [closed, open], group), {
      DLR_SASL_MECHANISM: "plain",
      DLR_SASL_USERNAME: secure.username,
      DLR_SASL_PASSWORD: secure.password,
    });
    await produce(brokers, closed, receiptsOf("12", 3));
    await untilCounted(exporter, brokers, closed);
  });

  afterAll(() => exporter?.stop());

  it("from one topic: is said, holds up nothing else, and is taken up again", async () => {
    await deny("TOPIC", closed);
    await produce(brokers, closed, receiptsOf("12", 2));
    await until(`partition 0 of topic ${closed} can't be accessed: Not authorized to access topics`);
    await produce(brokers, open, receiptsOf("024", 4));
    expect((await untilCounted(exporter, brokers, open)).codes).toEqual({ "024": 4 });
    expect((await exporter.get("/-/ready")).status).toBe(200);
    expect(countedOf(await exporter.metrics(), closed).codes).toEqual({ "12": 3 });

    await allow("TOPIC", closed);
    expect((await untilCounted(exporter, brokers, closed)).codes).toEqual({ "12": 5 });
    await waitFor(async () => (await (await exporter.get("/-/ready")).text()) === "ready\n", {
      what: "readiness",
    });
  });

  it("from the group: is said, ends nothing, and is taken up again", async () => {
    await deny("GROUP", group);
    await until("not ready: the broker returned an error: Not authorized to access group");
    expect((await exporter.get("/-/ready")).status).toBe(503);
    await produce(brokers, open, receiptsOf("006", 2));

    await allow("GROUP", group);
    expect((await untilCounted(exporter, brokers, open)).codes).toEqual({ "024": 4, "006": 2 });
    await waitFor(async () => (await exporter.get("/-/ready")).ok, { what: "readiness" });
  });
});
