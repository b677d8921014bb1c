import { z } from "zod";
import { oneOf, settingDocs, text, textThat } from "../schema/values.ts";
import { endpointProblem } from "./addresses.ts";
import { isCertificate } from "./certificates.ts";
import { fileText, secretFileText } from "./files.ts";

const passwords = ["plain", "scram-sha-256", "scram-sha-512"] as const;
const mechanisms = [...passwords, "oauthbearer", "aws_msk_iam"] as const;

/** The keys of each kind of login; those in the first list are required. */
const keysOf = {
  password: { needed: ["username"], others: ["password", "password_file"] },
  oauthbearer: {
    needed: ["token_endpoint", "client_id"],
    others: ["token_ca_file", "client_secret", "client_secret_file", "scope"],
  },
  aws_msk_iam: { needed: ["region"], others: [] },
} as const;

/** The login to the brokers. Contains the password or secret, however it was given. */
export const saslSchema = z
  .strictObject({
    mechanism: oneOf(mechanisms).register(settingDocs, { about: mechanisms.join(", ") }),
    username: text().optional().register(settingDocs, { about: "User name, for plain and scram" }),
    password: text().optional().register(settingDocs, { about: "Password, environment only", secret: true }),
    password_file: secretFileText.optional().register(settingDocs, {
      about: "File with the password; a trailing line break is ignored",
      file: true,
      confidential: true,
    }),
    token_endpoint: textThat(endpointProblem).optional().register(settingDocs, {
      about: "URL that gives the tokens of oauthbearer, by the client credentials grant",
    }),
    token_ca_file: fileText.optional().register(settingDocs, {
      about: "CA certificates to trust at the token endpoint, PEM",
      file: true,
      absent: "the well-known authorities",
    }),
    client_id: text().optional().register(settingDocs, { about: "Client ID, for oauthbearer" }),
    client_secret: text()
      .optional()
      .register(settingDocs, { about: "Client secret, environment only", secret: true }),
    client_secret_file: secretFileText.optional().register(settingDocs, {
      about: "File with the client secret; a trailing line break is ignored",
      file: true,
      confidential: true,
    }),
    scope: text().optional().register(settingDocs, {
      about: "Scopes to ask the token endpoint for, blanks between them",
      absent: "the client's own",
    }),
    region: text()
      .regex(/^[a-z]{2,4}(?:-[a-z]{2,20}){1,3}-\d{1,2}$/, "must be a region such as `eu-central-1`")
      .optional()
      .register(settingDocs, { about: "AWS region of the cluster, for aws_msk_iam" }),
  })
  .transform((sasl, context) => {
    const before = context.issues.length;
    const issue = (key: string | undefined, message: string) =>
      context.addIssue({ code: "custom", path: key === undefined ? [] : [key], message });
    const { mechanism } = sasl;
    const kind = mechanism === "oauthbearer" || mechanism === "aws_msk_iam" ? mechanism : "password";
    const { needed, others } = keysOf[kind];
    for (const key of Object.keys(sasl)) {
      if (!["mechanism", ...needed, ...others].includes(key))
        issue(key, `is not for the mechanism ${mechanism}`);
    }
    for (const key of needed) if (sasl[key as keyof typeof sasl] === undefined) issue(key, "is missing");
    const secretOf = (what: "password" | "client_secret") => {
      const [inline, file] = [sasl[what], sasl[`${what}_file`]];
      const secret = inline ?? file?.replace(/\r?\n$/, "") ?? "";
      if (secret === "" && file !== undefined) issue(`${what}_file`, "is empty");
      else if (secret === "")
        issue(
          undefined,
          `has no ${what.replace("_", " ")}: set DLR_SASL_${what.toUpperCase()} or ${what}_file`,
        );
      return secret;
    };
    if (sasl.token_ca_file !== undefined && !isCertificate(sasl.token_ca_file))
      issue("token_ca_file", "names a file that holds no certificate, PEM");
    const { username = "", token_endpoint: tokenEndpoint = "", client_id: clientId = "", region = "" } = sasl;
    const { scope, token_ca_file: ca } = sasl;
    const login =
      mechanism === "oauthbearer"
        ? { mechanism, tokenEndpoint, clientId, clientSecret: secretOf("client_secret"), scope, ca }
        : mechanism === "aws_msk_iam"
          ? { mechanism, region }
          : { mechanism, username, password: secretOf("password") };
    return context.issues.length > before ? z.NEVER : login;
  });
