import { createRequire } from "node:module";
import { KafkaFailure } from "../failure.ts";
import type { MskIam } from "./login.ts";
import type { Token } from "./token-source.ts";

/** What signs tokens for Amazon MSK; installed by those who need it. */
export const signerPackage = "aws-msk-iam-sasl-signer-js";

/** What is used of the {@link signerPackage}. */
interface Signer {
  generateAuthToken(options: { readonly region: string }): Promise<{
    readonly token: string;
    /** In ms since 1970. */
    readonly expiryTime: number;
  }>;
}

const require = createRequire(import.meta.url);

/**
 * Loads the {@link signerPackage}: from beside this program, or a folder in `NODE_PATH`. It and all that it pulls in are
 * ten times as large as this program, so it is no dependency.
 *
 * @throws KafkaFailure when it is not there, or is not what it should be; the message says what to do
 */
export function loadSigner(): Signer {
  const needs = `the login aws_msk_iam needs the package ${signerPackage}`;
  const hint = `run \`npm install ${signerPackage}@1\` where dlr-exporter is installed`;
  try {
    require.resolve(signerPackage);
  } catch (error) {
    throw new KafkaFailure("other", `${needs}, which is not installed: ${hint}`, { cause: error });
  }
  let signer: Partial<Signer>;
  try {
    signer = require(signerPackage);
  } catch (error) {
    const why = (error as Error).message;
    throw new KafkaFailure("other", `${needs}, which can't be loaded (${why}): ${hint}`, { cause: error });
  }
  const { generateAuthToken } = signer;
  if (typeof generateAuthToken !== "function")
    throw new KafkaFailure("other", `${needs}, and has it in a version without generateAuthToken: ${hint}`);
  return { generateAuthToken };
}

/**
 * Signs a token with the credentials that AWS' own chain finds: environment, files, the role of a pod or machine.
 *
 * @throws KafkaFailure `unreachable` when no credentials are found: a role's may come later
 */
export async function signedToken({ region }: MskIam): Promise<Token> {
  const { generateAuthToken } = loadSigner();
  try {
    const { token, expiryTime } = await generateAuthToken({ region });
    return { value: token, lifetimeMs: expiryTime - Date.now() };
  } catch (error) {
    const message = `no token for Amazon MSK in ${region} could be signed: ${(error as Error).message}`;
    throw new KafkaFailure("unreachable", message);
  }
}
