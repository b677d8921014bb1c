import { z } from "zod";
import { hostProblem } from "./addresses.ts";
import { fileText, oneOf, settingDocs, text, textThat } from "./values.ts";

/** TLS towards the brokers; undefined when it is off. Holds what the files hold. */
export const sslSchema = z
  .strictObject({
    enabled: oneOf(["true", "false"])
      .optional()
      .register(settingDocs, { about: "true talks TLS to the brokers", absent: "`false`" }),
    ca_file: fileText.optional().register(settingDocs, {
      about: "Certificates to trust, PEM",
      file: true,
      absent: "the system's",
    }),
    cert_file: fileText
      .optional()
      .register(settingDocs, { about: "Certificate to show to the brokers, PEM", file: true }),
    key_file: fileText
      .optional()
      .register(settingDocs, { about: "Private key of cert_file, PEM", file: true, confidential: true }),
    server_name: textThat(hostProblem).optional().register(settingDocs, {
      about: "The name that the broker's certificate must carry",
      absent: "the broker's host",
    }),
  })
  .superRefine((ssl, context) => {
    const issue = (key: string, message: string) =>
      context.addIssue({ code: "custom", path: [key], message });
    if (ssl.cert_file !== undefined && ssl.key_file === undefined)
      issue("key_file", "is missing: cert_file needs it");
    if (ssl.key_file !== undefined && ssl.cert_file === undefined)
      issue("cert_file", "is missing: key_file needs it");
    if (ssl.enabled === undefined && Object.keys(ssl).length > 0)
      issue("enabled", "is missing: without it the other ssl settings do nothing");
  })
  .transform((ssl) =>
    ssl.enabled === "true"
      ? {
          ca: ssl.ca_file,
          cert: ssl.cert_file,
          key: ssl.key_file,
          serverName: ssl.server_name,
        }
      : undefined,
  );

/** The login at the brokers. Holds the password, whichever way it was given. */
export const saslSchema = z
  .strictObject({
    mechanism: oneOf(["plain", "scram-sha-256", "scram-sha-512"]).register(settingDocs, {
      about: "plain, scram-sha-256 or scram-sha-512",
    }),
    username: text().register(settingDocs, { about: "Who logs in" }),
    password: text()
      .optional()
      .register(settingDocs, { about: "The password, in the environment only", secret: true }),
    password_file: fileText.optional().register(settingDocs, {
      about: "A file that holds the password; a line break at its end is not part of it",
      file: true,
      confidential: true,
    }),
  })
  .transform(({ mechanism, username, password: inline, password_file: file }, context) => {
    const password = inline ?? file?.replace(/\r?\n$/, "");
    if (password) return { mechanism, username, password };
    context.addIssue({
      code: "custom",
      path: file === undefined ? [] : ["password_file"],
      message: file === undefined ? "has no password: set DLR_SASL_PASSWORD or password_file" : "is empty",
    });
    return z.NEVER;
  });
