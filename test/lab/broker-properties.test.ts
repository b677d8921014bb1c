import { describe, expect, it } from "vitest";
import { brokerProperties, choosePorts } from "./broker-properties.ts";

const security = {
  username: "u",
  password: "p",
  caFile: "ca.pem",
  certificate: "-----BEGIN\nC\n",
  privateKey: "-----BEGIN\nK\n",
};

describe("brokerProperties", () => {
  it("opens one plaintext listener where none other was asked for", async () => {
    const ports = { controller: 1, listeners: new Map([["PLAIN", 2]] as const) };
    const properties = brokerProperties(ports, "0.0.0.0", "kafka", undefined);
    expect(properties.listeners).toBe("PLAIN://0.0.0.0:2,CONTROLLER://127.0.0.1:1");
    expect(properties["advertised.listeners"]).toBe("PLAIN://kafka:2");
    expect(properties["auto.create.topics.enable"]).toBe("false");
    expect(Object.keys(properties).filter((key) => /sasl|ssl/.test(key))).toEqual([]);
  });

  it("leaves the controller to a ZooKeeper on its port where an old version has one", () => {
    const ports = { controller: 1, listeners: new Map([["PLAIN", 2]] as const) };
    const properties = brokerProperties(ports, "127.0.0.1", "127.0.0.1", undefined, "zookeeper");
    expect(properties.listeners).toBe("PLAIN://127.0.0.1:2");
    expect(properties["zookeeper.connect"]).toBe("127.0.0.1:1");
    expect(Object.keys(properties).filter((key) => /controller|process\.roles/.test(key))).toEqual([]);
  });

  it("keeps every value on one line, as properties files and environments need it", async () => {
    const ports = await choosePorts(true);
    const properties = brokerProperties(ports, "127.0.0.1", "127.0.0.1", security);
    expect(properties["ssl.keystore.key"]).toBe("-----BEGIN\\nK");
    expect(Object.values(properties).filter((value) => value.includes("\n"))).toEqual([]);
  });
});

describe("choosePorts", () => {
  it("gives each listener and the controller a port of its own", async () => {
    const { controller, listeners } = await choosePorts(true);
    expect([...listeners.keys()]).toEqual(["PLAIN", "SASL", "TLS", "SASLTLS"]);
    expect(new Set([controller, ...listeners.values()]).size).toBe(5);
  });
});
