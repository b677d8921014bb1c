import { describe, expect, it } from "vitest";
import { brokerProblem, hostProblem } from "../../src/config/addresses.ts";
import { loadSettings } from "../../src/config/load.ts";

describe("a broker's address", () => {
  it.each([
    ...["a:1", "kafka-1.example.com:9092", "kafka.example.com.:65535", "my_kafka_1:9092", "卡夫卡:9092"],
    ...["10.0.0.7:9092", "[::1]:9092", "[2001:db8::1]:1", "[fe80::1%eth0]:9092", "[::ffff:10.0.0.7]:9092"],
  ])("is %s", (text) => {
    expect(brokerProblem(text)).toBeUndefined();
  });

  const protocolHint = "the protocol follows from ssl and sasl";
  const bracketHint = "host:port with an IPv6 address in brackets, such as `[::1]:9092`";
  it.each([
    { text: "PLAINTEXT://h:p", be: `host:port without \`PLAINTEXT://\`; ${protocolHint}` },
    { text: "SASL_SSL://h:9093", be: `host:port without \`SASL_SSL://\`; ${protocolHint}` },
    { text: "//h:1", be: "host:port" },
    { text: "a;b", be: "host:port; separate several by commas" },
    { text: "a:1;b:2", be: "host:port; separate several by commas" },
    { text: "a:1 b:2", be: "host:port; separate several by commas" },
    { text: "b", be: "host:port" },
    { text: "b:", be: "host:port with a port from 1 to 65535" },
    { text: "b:0", be: "host:port with a port from 1 to 65535" },
    { text: "b:65536", be: "host:port with a port from 1 to 65535" },
    { text: "b:kafka", be: "host:port with a port from 1 to 65535" },
    { text: "b:9092/", be: "host:port with a port from 1 to 65535" },
    { text: "::1:9092", be: bracketHint },
    { text: "2001:db8::1", be: bracketHint },
    { text: "[::1]", be: "host:port" },
    { text: "[kafka]:9092", be: "host:port with a valid host" },
    { text: "[::1::]:9092", be: "host:port with a valid host" },
    { text: "a:b:1", be: "host:port" },
    { text: ":9092", be: "host:port with a valid host" },
    { text: "999.1.1.1:1", be: "host:port with a valid host" },
    { text: "１２７.0.0.1:1", be: "host:port with a valid host" },
    { text: "١٢٧.0.0.1:1", be: "host:port with a valid host" },
    { text: "-a:1", be: "host:port with a valid host" },
    { text: "a..b:1", be: "host:port with a valid host" },
    { text: "$KAFKA:1", be: "host:port with a valid host" },
    { text: `${"a".repeat(64)}:1`, be: "host:port with a valid host" },
    { text: "user:hunter2@h:1", be: "host:port without a login; put the login under sasl" },
  ])("is not $text", ({ text, be }) => {
    expect(brokerProblem(text)).toBe(be);
  });

  it("is refused with what to write instead, whoever names it", () => {
    const loaded = loadSettings({ flags: {}, env: { DLR_BROKERS: "a:1,PLAINTEXT://h:p" } });
    expect(loaded).toMatchObject({
      problems: [
        {
          file: "DLR_BROKERS",
          message: `brokers[1] must be host:port without \`PLAINTEXT://\`; ${protocolHint}, not \`PLAINTEXT://h:p\``,
        },
      ],
    });
  });

  it("is not shown when a login stands in it", () => {
    const loaded = loadSettings({ flags: { brokers: "user:hunter2@h:1" }, env: {} });
    expect(JSON.stringify(loaded)).toContain("must be host:port without a login");
    expect(JSON.stringify("problems" in loaded && loaded.problems)).not.toContain("hunter2");
  });
});

describe("a host", () => {
  it.each(["0.0.0.0", "::", "127.0.0.1", "localhost", "a.b."])("is %s", (text) => {
    expect(hostProblem(text)).toBeUndefined();
  });

  it.each(["localhost:9464", "[::]", "http://localhost", "*", "a b", "1.2.3"])("is not %s", (text) => {
    expect(hostProblem(text)).toBe("a host name or an IP address");
  });

  it("is what host and ssl.server_name take", () => {
    const env = { DLR_HOST: "localhost:9464", DLR_SSL_ENABLED: "true", DLR_SSL_SERVER_NAME: "https://kafka" };
    expect(loadSettings({ flags: {}, env })).toMatchObject({
      problems: [{ file: "DLR_HOST" }, { file: "DLR_SSL_SERVER_NAME" }],
    });
  });
});
