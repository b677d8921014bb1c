import type { ConnectionOptions } from "node:tls";
import type { Login } from "./login/login.ts";

/** How to reach a cluster. Secrets and certificates are given as values. */
export interface ClientSettings {
  /** `host:port` of one or more brokers; an IPv6 address stands in brackets. */
  readonly brokers: readonly string[];
  readonly clientId: string;
  /** PEM texts; undefined connects without TLS. */
  readonly ssl:
    | {
        readonly ca: string | undefined;
        readonly cert: string | undefined;
        readonly key: string | undefined;
        readonly serverName: string | undefined;
      }
    | undefined;
  readonly sasl: Login | undefined;
}

/** The options of node:tls. */
export function tlsOptions({
  ca,
  cert,
  key,
  serverName,
}: NonNullable<ClientSettings["ssl"]>): ConnectionOptions {
  return {
    ...(ca === undefined ? {} : { ca }),
    ...(cert === undefined ? {} : { cert }),
    ...(key === undefined ? {} : { key }),
    ...(serverName === undefined ? {} : { servername: serverName }),
  };
}
