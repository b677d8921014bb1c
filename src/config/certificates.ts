import { X509Certificate } from "node:crypto";
import { createSecureContext } from "node:tls";

/** Whether a text starts with a PEM certificate. */
export function isCertificate(pem: string): boolean {
  return worked(() => new X509Certificate(pem));
}

/** Whether a key is the private key of a certificate, both PEM. */
export function isPair(cert: string, key: string | undefined): boolean {
  return worked(() => createSecureContext({ cert, key }));
}

function worked(attempt: () => unknown): boolean {
  try {
    attempt();
    return true;
  } catch {
    return false;
  }
}
