import { requestToken } from "./client-credentials.ts";
import { signedToken } from "./msk-iam.ts";
import type { Token } from "./token-source.ts";

/** How a client logs in to the brokers; plain data, since a replay passes it to its threads. */
export type Login = PasswordLogin | BearerLogin;

export interface PasswordLogin {
  readonly mechanism: "plain" | "scram-sha-256" | "scram-sha-512";
  readonly username: string;
  readonly password: string;
}

/** A login with tokens, which expire. */
export type BearerLogin = ClientCredentials | MskIam;

/** OAuth 2.0, client credentials grant (RFC 6749, 4.4). */
export interface ClientCredentials {
  readonly mechanism: "oauthbearer";
  /** An http or https URL. */
  readonly tokenEndpoint: string;
  readonly clientId: string;
  readonly clientSecret: string;
  readonly scope: string | undefined;
  /** CA certificates for the endpoint, PEM; undefined trusts the system's. */
  readonly ca: string | undefined;
}

/** Tokens signed with the AWS credentials of this process. */
export interface MskIam {
  readonly mechanism: "aws_msk_iam";
  readonly region: string;
}

/** Whether a login uses tokens. */
export function isBearer(login: Login): login is BearerLogin {
  return login.mechanism === "oauthbearer" || login.mechanism === "aws_msk_iam";
}

/** The principal, for sentences about rights. */
export function nameOf(login: Login | undefined): string {
  if (login === undefined || login.mechanism === "aws_msk_iam") return "this client";
  return login.mechanism === "oauthbearer" ? `the client ${login.clientId}` : `the user ${login.username}`;
}

/**
 * Requests a new token.
 *
 * @throws KafkaFailure with a sentence that shows neither secret nor token
 */
export function newToken(login: BearerLogin): Promise<Token> {
  return login.mechanism === "oauthbearer" ? requestToken(login) : signedToken(login);
}
