import { createRequire } from "node:module";
import { KafkaFailure } from "../failure.ts";
import type { MskIam } from "./login.ts";
import type { Token } from "./token-source.ts";

/** Signs tokens for Amazon MSK; users who need it install it. */
export const signerPackage = "aws-msk-iam-sasl-signer-js";

/** The part of the {@link signerPackage} that is used. */
interface Signer {
  generateAuthToken(options: { readonly region: string }): Promise<{
    readonly token: string;
    /** In ms since 1970. */
    readonly expiryTime: number;
  }>;
}

const require = createRequire(import.meta.url);

/**
 * Loads the {@link signerPackage}, installed beside this program or in a folder of `NODE_PATH`. With its own
 * dependencies it is ten times as large as this program, so it is not a dependency.
 *
 * @throws KafkaFailure when it is missing or not usable; the message says what to do
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
 * Signs a token with credentials from AWS' default provider chain: environment, files, the role of a pod or machine.
 *
 * @throws KafkaFailure `unreachable` when no credentials are found: those of a role may come later
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
