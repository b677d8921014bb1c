import { execFile } from "node:child_process";
import { readFile } from "node:fs/promises";
import { isIP } from "node:net";
import { join } from "node:path";
import { promisify } from "node:util";

const run = promisify(execFile);

/** What a broker needs to open its secure listeners. */
export interface BrokerSecurity {
  readonly username: string;
  readonly password: string;
  readonly caFile: string;
  /** The self-signed certificate and its private key, PEM. */
  readonly certificate: string;
  readonly privateKey: string;
}

/**
 * A self-signed certificate for `host`, localhost and 127.0.0.1, and one user.
 *
 * @param folder takes the files; it belongs to the caller, who removes it with the broker
 * @param host a name or an IP address (a container engine is often reached at its bridge's): clients look for an address
 *   among the certificate's addresses only
 * @throws Error when openssl is missing or fails
 */
export async function createSecurity(folder: string, host: string): Promise<BrokerSecurity> {
  const caFile = join(folder, "ca.pem");
  const keyFile = join(folder, "key.pem");
  const names = ["DNS:localhost", "IP:127.0.0.1", `${isIP(host) === 0 ? "DNS" : "IP"}:${host}`];
  await run("openssl", [
    ...["req", "-x509", "-newkey", "rsa:2048", "-nodes", "-days", "2", "-subj", "/CN=localhost"],
    ...["-addext", `subjectAltName=${names.join(",")}`, "-keyout", keyFile, "-out", caFile],
  ]);
  return {
    username: "exporter",
    password: "exporter-secret",
    caFile,
    certificate: await readFile(caFile, "utf8"),
    privateKey: await readFile(keyFile, "utf8"),
  };
}
