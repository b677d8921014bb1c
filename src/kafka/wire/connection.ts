import type { Socket } from "node:net";
import connection from "kafkajs/src/network/connection.js";
import type { Logger } from "pino";
import type { Writer } from "./bytes.ts";

/** A connection of kafkajs 2.2.4; not part of its public interface. */
export const Connection = connection as new (options: object) => ConnectionPart;

/** kafkajs' connection errors reach us as errors, so its own lines go to debug. */
export function quiet(log: Logger): object {
  const line = (message: string, extra: object = {}) => {
    const { error } = extra as { readonly error?: unknown };
    log.debug(
      { component: "kafkajs.Connection", ...(typeof error === "string" ? { reason: error } : {}) },
      message,
    );
  };
  const logger = { info: line, error: line, warn: line, debug: line, namespace: () => logger };
  return logger;
}

/** The part of kafkajs' connection that is used: sockets, logins and the order of requests. */
export interface ConnectionPart {
  readonly socket: Socket | undefined;
  connectionStatus: string;
  authenticatedAt: unknown;
  /** In ms, 0 if the session has no end; a number of the `long` package. */
  readonly sessionLifetime: { toString(): string };
  readonly authHandlers: { onError(): void } | null;
  readonly requestQueue: { rejectAll(error: Error): void; destroy(): void };
  isConnected(): boolean;
  connect(): Promise<unknown>;
  setVersions(versions: object): void;
  setSupportAuthenticationProtocol(supported: boolean): void;
  authenticate(): Promise<void>;
  send(request: {
    readonly request: { apiKey: number; apiVersion: number; apiName: string; encode(): Promise<Writer> };
    readonly response: {
      decode(bytes: Buffer): Promise<{ clientSideThrottleTime: number; read: unknown }>;
      parse<T>(decoded: T): Promise<T>;
    };
    readonly logResponseError: boolean;
  }): Promise<{ readonly read: unknown }>;
}
