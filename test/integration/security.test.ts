import { afterAll, beforeAll, describe, expect, it } from "vitest";
import type { SecureListeners } from "../lab/broker-contract.ts";
import { logEntries, receiptsOf, runFlags, untilCounted } from "./counting.ts";
import { createTopic, type ExporterProcess, produce, randomName, startExporter, waitFor } from "./harness.ts";
import { describeWithLogins } from "./with-broker.ts";

const mechanisms = ["plain", "scram-sha-256", "scram-sha-512"] as const;

/** One way into the broker. */
interface Door {
  readonly name: string;
  readonly listener: "tls" | "sasl" | "saslTls";
  readonly mechanism?: (typeof mechanisms)[number];
}

const logins: readonly Required<Door>[] = (["sasl", "saslTls"] as const).flatMap((listener) =>
  mechanisms.map((mechanism) => ({
    name: `${mechanism} ${listener === "sasl" ? "without" : "over"} TLS`,
    listener,
    mechanism,
  })),
);
const doors: readonly Door[] = [{ name: "TLS without a login", listener: "tls" }, ...logins];
const wrongPassword = "quite-another-secret";

describeWithLogins("a broker with TLS and logins", ({ brokers, secure }) => {
  const topic = randomName("secure");

  /** Starts an exporter in a group of its own that comes in by a door. */
  function enter({ listener, mechanism }: Door, password: string, env: Record<string, string> = {}) {
    return startExporter(runFlags(secureBrokers(secure, listener), [topic], randomName("secure")), {
      ...(listener === "sasl" ? {} : { DLR_SSL_ENABLED: "true", DLR_SSL_CA_FILE: secure.caFile }),
      ...(mechanism === undefined
        ? {}
        : {
            DLR_SASL_MECHANISM: mechanism,
            DLR_SASL_USERNAME: secure?.username ?? "",
            DLR_SASL_PASSWORD: password,
          }),
      ...env,
    });
  }

  beforeAll(async () => {
    await createTopic(brokers, topic, 2);
    await produce(brokers, topic, [...receiptsOf("DELIVRD", 40), ...receiptsOf("12", 2)]);
  });

  describe("with what it asks for", () => {
    let exporters: ReadonlyMap<string, ExporterProcess> = new Map();

    beforeAll(async () => {
      exporters = new Map(
        await Promise.all(
          doors.map(async (door) => [door.name, await enter(door, secure.password)] as const),
        ),
      );
    });

    afterAll(() => Promise.all([...exporters.values()].map((exporter) => exporter.stop())));

    it.each(doors)("counts by $name, and tells the password to nobody", async ({ name }) => {
      const exporter = exporters.get(name);
      if (exporter === undefined) throw new Error(`${name} was not started`);
      const { codes } = await untilCounted(exporter, brokers, topic);
      expect(codes).toEqual({ DELIVRD: 40, "12": 2 });
      expect(exporter.log()).not.toContain(secure.password);
    });
  });

  it.each(logins)("ends with 1 and one clear line on a wrong password: $name", async (door) => {
    const exporter = await enter(door, wrongPassword);
    expect(await exporter.ended).toBe(1);
    const errors = logEntries(exporter.log()).filter(({ level }) => level >= 40);
    expect(errors).toEqual([expect.objectContaining({ level: 60 })]);
    expect(errors[0]?.line).toMatch(/authentication/i);
    expect(exporter.log()).not.toContain(wrongPassword);
  });

  it("waits, and says why, while the broker shows a certificate that nobody vouches for", async () => {
    const exporter = await enter({ name: "TLS", listener: "tls" }, "", { DLR_SSL_CA_FILE: "" });
    await waitFor(async () => (await (await exporter.get("/-/ready")).text()).includes("self-signed"), {
      what: "the reason",
    });
    expect((await exporter.get("/-/ready")).status).toBe(503);
    expect((await exporter.get("/-/healthy")).status).toBe(200);
    expect(await exporter.stop()).toBe(0);
  });
});

function secureBrokers(secure: SecureListeners | undefined, listener: Door["listener"]): readonly string[] {
  return secure?.[listener] ?? [];
}
