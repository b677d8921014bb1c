/** A TLS failure that a retry will not fix; the message is for the operator. */
export class CertificateError extends Error {
  override readonly name = "CertificateError";
}

const untrusted = [
  "DEPTH_ZERO_SELF_SIGNED_CERT",
  "SELF_SIGNED_CERT_IN_CHAIN",
  "UNABLE_TO_GET_ISSUER_CERT",
  "UNABLE_TO_GET_ISSUER_CERT_LOCALLY",
  "UNABLE_TO_VERIFY_LEAF_SIGNATURE",
];

/** Why TLS fails, in words for operators; undefined if the error has another reason. */
export function certificateError(error: unknown): CertificateError | undefined {
  if (!(error instanceof Error) || !("code" in error)) return undefined;
  const code = String(error.code);
  const said = (words: string) => new CertificateError(words, { cause: error });
  if (untrusted.includes(code)) {
    return said("its certificate is not signed by a trusted CA: name the CA with --ca-file");
  }
  if (code === "CERT_HAS_EXPIRED") return said("its certificate has expired");
  if (code === "CERT_NOT_YET_VALID") return said("its certificate is not valid yet");
  if (code === "ERR_TLS_CERT_ALTNAME_INVALID") return said("its certificate is for another host");
  const { message } = error;
  if (/wrong version number|packet length too long/i.test(message)) {
    return said("it does not use TLS: should its address begin with http://?");
  }
  if (/certificate required|handshake failure|bad certificate|unknown ca/i.test(message)) {
    return said("it rejects the client certificate: see --cert-file and --key-file");
  }
  return undefined;
}
