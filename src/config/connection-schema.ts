import { z } from "zod";
import { oneOf, settingDocs, textThat } from "../schema/values.ts";
import { hostProblem } from "./addresses.ts";
import { fileText, secretFileText } from "./files.ts";

/** TLS to the brokers; undefined when it is off. Contains the files' contents. */
export const sslSchema = z
  .strictObject({
    enabled: oneOf(["true", "false"])
      .optional()
      .register(settingDocs, { about: "Use TLS", absent: "`false`" }),
    ca_file: fileText.optional().register(settingDocs, {
      about: "CA certificates to trust, PEM",
      file: true,
      absent: "the system's",
    }),
    cert_file: fileText.optional().register(settingDocs, { about: "Client certificate, PEM", file: true }),
    key_file: secretFileText.optional().register(settingDocs, {
      about: "Private key of the client certificate, PEM",
      file: true,
      confidential: true,
    }),
    server_name: textThat(hostProblem).optional().register(settingDocs, {
      about: "Name that the broker's certificate must have",
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
