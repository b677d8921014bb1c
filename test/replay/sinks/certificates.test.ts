import { describe, expect, it } from "vitest";
import { CertificateError, certificateError } from "../../../src/replay/sinks/certificates.ts";

function errorOf(code: unknown, message = "no words that tell"): Error {
  return Object.assign(new Error(message), { code });
}

describe("what keeps TLS from working is told in an operator's words", () => {
  const ssl = "ERR_SSL_SOME_REASON";
  const rows = [
    { code: "DEPTH_ZERO_SELF_SIGNED_CERT", says: "--ca-file" },
    { code: "SELF_SIGNED_CERT_IN_CHAIN", says: "--ca-file" },
    { code: "UNABLE_TO_GET_ISSUER_CERT", says: "--ca-file" },
    { code: "UNABLE_TO_GET_ISSUER_CERT_LOCALLY", says: "--ca-file" },
    { code: "UNABLE_TO_VERIFY_LEAF_SIGNATURE", says: "--ca-file" },
    { code: "CERT_HAS_EXPIRED", says: "its certificate has expired" },
    { code: "CERT_NOT_YET_VALID", says: "its certificate is not valid yet" },
    { code: "ERR_TLS_CERT_ALTNAME_INVALID", says: "its certificate is for another host" },
    { code: "EPROTO", message: "ssl3_get_record:wrong version number", says: "http://" },
    { code: ssl, message: "SSL routines::packet length too long", says: "http://" },
    { code: ssl, message: "tlsv13 alert certificate required", says: "--cert-file" },
    { code: ssl, message: "ssl/tls alert handshake failure", says: "--cert-file" },
    { code: ssl, message: "sslv3 alert bad certificate", says: "--cert-file" },
    { code: ssl, message: "tlsv1 alert unknown ca", says: "--cert-file" },
  ];
  it.each(rows)("$code $message", ({ code, message, says }) => {
    const error = errorOf(code, message);
    const told = certificateError(error);
    expect(told).toBeInstanceOf(CertificateError);
    expect(told?.message).toContain(says);
    expect(told?.cause).toBe(error);
  });
});

describe("what has another reason is left to others", () => {
  const rows: readonly { name: string; error: unknown }[] = [
    { name: "a connection that is refused", error: errorOf("ECONNREFUSED") },
    { name: "an error without a code, whatever it says", error: new Error("wrong version number") },
    { name: "a code that is none", error: errorOf(undefined) },
    { name: "what is no error", error: { code: "CERT_HAS_EXPIRED", message: "" } },
    { name: "nothing", error: undefined },
  ];
  it.each(rows)("$name", ({ error }) => {
    expect(certificateError(error)).toBeUndefined();
  });
});
