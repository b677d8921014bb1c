import { z } from "zod";
import { settingDocs, text } from "../schema/values.ts";
import { isCertificate, isPair } from "./certificates.ts";
import { fileText, secretFileText } from "./files.ts";

/** A valid HTTP header name (RFC 9110, 5.1). */
const headerName = /^[!#$%&'*+.^_`|~\w-]+$/;

/** Headers that the client sets itself; overriding one would change the request. */
const reserved = /^(?:host|user-agent|connection|keep-alive|transfer-encoding|content-.+|x-prometheus-.+)$/i;

/**
 * A header and its value, or what is wrong with it, to be shown after its key; the value may be a login and is not
 * shown.
 */
function headerOf(line: string): { name: string; value: string } | { problem: string } {
  const [, name = "", value = ""] = /^([^:]*):[ \t]*(.*?)[ \t]*$/s.exec(line) ?? [];
  if (!headerName.test(name) || value === "") return { problem: "must be `Name: value`" };
  if (!/^[\x20-\x7e]*$/.test(value))
    return { problem: `has a character in ${name} that is not allowed in a header` };
  if (reserved.test(name)) return { problem: `has ${name}, which dlr-exporter sets itself` };
  return { name, value };
}

/** Whether a header of this name carries a login, which must not be where others can see it. */
export function isLogin(name: string): boolean {
  return /auth|cookie|token|secret|passw|pasw|credential|session|key|signature/i.test(name);
}

/** A one-word login, or the file that contains it, without the trailing line break. */
const fileLine = secretFileText.transform((held) => held.replace(/\r?\n$/, ""));

/** How to reach the servers that a replay sends to. Contains the files' contents. */
export const targetSchema = z
  .strictObject({
    headers: z
      .array(text())
      .prefault([])
      .register(settingDocs, {
        about: "HTTP header for replay targets, `Name: value`; one per line in the variable",
        flag: { name: "header", value: "'N: V'" },
        hidden: true,
        whole: true,
      }),
    headers_file: secretFileText.optional().register(settingDocs, {
      about: "File with more headers, one per line; put credentials here",
      flag: { name: "header-file", value: "FILE" },
      file: true,
      confidential: true,
    }),
    username: text()
      .optional()
      .register(settingDocs, {
        about: "User name for HTTP basic authentication",
        flag: { name: "username", value: "U" },
      }),
    password: text().optional().register(settingDocs, { about: "Password, environment only", secret: true }),
    password_file: fileLine.optional().register(settingDocs, {
      about: "File with the password",
      flag: { name: "password-file", value: "FILE" },
      file: true,
      confidential: true,
    }),
    bearer_token: text()
      .optional()
      .register(settingDocs, { about: "Bearer token, environment only", secret: true }),
    bearer_token_file: fileLine.optional().register(settingDocs, {
      about: "File with the bearer token",
      flag: { name: "bearer-token-file", value: "FILE" },
      file: true,
      confidential: true,
    }),
    ca_file: fileText.optional().register(settingDocs, {
      about: "CA certificates to trust, PEM",
      flag: { name: "ca-file", value: "FILE" },
      file: true,
      absent: "the well-known CAs",
    }),
    cert_file: fileText.optional().register(settingDocs, {
      about: "Client certificate, PEM",
      flag: { name: "cert-file", value: "FILE" },
      file: true,
    }),
    key_file: secretFileText.optional().register(settingDocs, {
      about: "Private key of the client certificate, PEM",
      flag: { name: "key-file", value: "FILE" },
      file: true,
      confidential: true,
    }),
  })
  .transform((target, context) => {
    const issue = (key: string, message: string) =>
      context.addIssue({ code: "custom", path: [key], message });
    const headers = new Map<string, string>();
    const add = (key: string, name: string, value: string) => {
      const own = name.toLowerCase();
      if (own === "authorization" && headers.has(own)) issue(key, "is a second login: keep only one");
      else if (headers.has(own)) issue(key, `has ${name} twice`);
      else headers.set(own, value);
    };
    const lines = (target.headers_file ?? "").split(/\r?\n/).filter((line) => line.trim() !== "");
    for (const [key, given] of [
      ["headers", target.headers],
      ["headers_file", lines],
    ] as const) {
      for (const line of given) {
        const header = headerOf(line);
        if ("problem" in header) issue(key, header.problem);
        else add(key, header.name, header.value);
      }
    }
    const { username, ca_file: ca, cert_file: cert, key_file: key } = target;
    const password = target.password ?? target.password_file;
    if (password !== undefined && username === undefined)
      issue("username", "is missing: a password needs it");
    else if (username?.includes(":"))
      issue("username", "must not contain a colon: basic authentication does not allow it");
    else if (username !== undefined && !password)
      issue("username", "has no password: set DLR_TARGET_PASSWORD or password_file");
    else if (username !== undefined) {
      add("username", "authorization", `Basic ${Buffer.from(`${username}:${password}`).toString("base64")}`);
    }
    const token = target.bearer_token ?? target.bearer_token_file;
    const tokenKey = target.bearer_token === undefined ? "bearer_token_file" : "bearer_token";
    if (token !== undefined && !/^[\x21-\x7e]+$/.test(token)) issue(tokenKey, "must be one word");
    else if (token !== undefined) add(tokenKey, "authorization", `Bearer ${token}`);

    if (ca !== undefined && !isCertificate(ca)) issue("ca_file", "names a file without a PEM certificate");
    if (cert !== undefined && !isCertificate(cert))
      issue("cert_file", "names a file without a PEM certificate");
    else if (cert !== undefined && key === undefined) issue("key_file", "is missing: cert_file needs it");
    else if (cert !== undefined && !isPair(cert, key))
      issue("key_file", "names a file without the PEM private key of cert_file");
    if (cert === undefined && key !== undefined) issue("cert_file", "is missing: key_file needs it");
    return { headers: Object.fromEntries(headers), tls: { ca, cert, key } };
  });
