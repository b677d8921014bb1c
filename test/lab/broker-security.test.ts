import { X509Certificate } from "node:crypto";
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { expect, test } from "vitest";
import { createSecurity } from "./broker-security.ts";

test.each(["127.0.0.1", "172.17.0.1", "kafka.internal"])("the certificate is good for %s", async (host) => {
  const folder = await mkdtemp(join(tmpdir(), "dlr-exporter-certificate-"));
  try {
    const certificate = new X509Certificate((await createSecurity(folder, host)).certificate);
    expect(certificate.checkHost(host) ?? certificate.checkIP(host)).toBe(host);
    expect(certificate.checkIP("127.0.0.1")).toBe("127.0.0.1");
    expect(certificate.checkHost("localhost")).toBe("localhost");
  } finally {
    await rm(folder, { recursive: true });
  }
});
