import { createRequire } from "node:module";
import type { Socket } from "node:net";
import type { ISocketFactory } from "kafkajs";
import type { Logger } from "pino";
import { hostPort, splitHostPort } from "../address.ts";
import { type ClientSettings, tlsOptions } from "../client.ts";
import { KafkaFailure, toFailure } from "../failure.ts";
import { repairKafkajs } from "../patches/repairs.ts";
import type { Api, ApiVersion } from "./api.ts";
import { Reader, Writer } from "./bytes.ts";
import { apiVersions } from "./cluster-apis.ts";
import { frameSocket, giveBackFrames } from "./frame-socket.ts";

repairKafkajs();
const require = createRequire(import.meta.url);
const Connection = require("kafkajs/src/network/connection.js") as new (options: object) => ConnectionPart;

/** How long it may take until a broker takes a connection, in ms. */
const connectMs = 5_000;

/** The request whose presence says that logins travel in requests of their own, since Kafka 1.0. */
const saslAuthenticateKey = 36;

type Versions = ReadonlyMap<number, { readonly min: number; readonly max: number }>;

/**
 * One connection to one broker, made when it is needed and made anew after it broke. Requests are answered in their
 * order. A broker that says nothing while it owes an answer loses its connection: what is behind may be dead, and a new
 * one may not be.
 */
export class BrokerLink {
  readonly #host: string;
  readonly #port: number;
  readonly #client: ClientSettings;
  readonly #log: Logger;
  #connection: ConnectionPart | undefined;
  #opened: Promise<Versions> | undefined;
  #opening = false;

  /** @param address `host:port`, an IPv6 address in brackets */
  constructor(address: string, client: ClientSettings, log: Logger) {
    const { host, port } = splitHostPort(address);
    this.#host = host;
    this.#port = port;
    this.#client = client;
    this.#log = log;
  }

  /**
   * Sends a request in the first of its versions that the broker takes.
   *
   * @param silenceMs how long the broker may say nothing before it has answered
   * @param usable which of the versions serve this request; all unless told
   * @throws KafkaFailure
   */
  async request<Request, Response>(
    api: Api<Request, Response>,
    request: Request,
    silenceMs: number,
    usable: (version: number) => boolean = () => true,
  ): Promise<Response> {
    const versions = await this.#open(silenceMs);
    const connection = this.#connection;
    if (connection === undefined) throw new KafkaFailure("unreachable", "the connection was closed");
    const range = versions.get(api.key);
    const version = api.versions.find(
      ({ version }) => range !== undefined && version >= range.min && version <= range.max && usable(version),
    );
    if (version === undefined) {
      const wanted = api.versions.map(({ version }) => version).join(" or ");
      throw new KafkaFailure(
        "unsupported_version",
        `this broker does not speak ${api.name} version ${wanted}: it is too old, or too new`,
      );
    }
    return this.#send(connection, api, version, request, silenceMs);
  }

  /** Says that nothing is read any more of what was received. */
  giveBack(): void {
    if (this.#connection?.socket !== undefined) giveBackFrames(this.#connection.socket);
  }

  close(): void {
    this.#drop(new KafkaFailure("no_answer", "the connection was closed"));
  }

  #open(silenceMs: number): Promise<Versions> {
    const usable = this.#opening || this.#connection?.isConnected() === true;
    if (this.#opened !== undefined && usable) return this.#opened;
    this.#opening = true;
    const opened = this.#connect(silenceMs).then(
      (versions) => {
        this.#opening = false;
        return versions;
      },
      (error: Error) => {
        this.#opening = false;
        this.#drop(error);
        // Nothing was asked yet that a broker could carry out.
        const { code, message } = toFailure(error, "unreachable");
        throw new KafkaFailure(code === "login_refused" ? code : "unreachable", message, { cause: error });
      },
    );
    this.#opened = opened;
    return opened;
  }

  async #connect(silenceMs: number): Promise<Versions> {
    const { ssl, sasl, clientId } = this.#client;
    const connection = new Connection({
      host: this.#host,
      port: this.#port,
      clientId,
      ssl: ssl === undefined ? null : tlsOptions(ssl),
      sasl: sasl === undefined ? null : { ...sasl },
      logger: quiet(this.#log),
      socketFactory: frameSocket satisfies ISocketFactory,
      connectionTimeout: connectMs,
      requestTimeout: connectMs,
      enforceRequestTimeout: false,
    });
    this.#connection = connection;
    await connection.connect();
    const [version] = apiVersions.versions;
    if (version === undefined) throw new Error("no version of ApiVersions");
    const versions = await this.#send(connection, apiVersions, version, undefined, silenceMs);
    connection.setVersions(
      Object.fromEntries(
        [...versions].map(([key, { min, max }]) => [key, { minVersion: min, maxVersion: max }]),
      ),
    );
    connection.setSupportAuthenticationProtocol(versions.has(saslAuthenticateKey));
    await this.#unlessSilent(connection, connection.authenticate(), silenceMs);
    return versions;
  }

  async #send<Request, Response>(
    connection: ConnectionPart,
    { name, key }: Api<Request, Response>,
    version: ApiVersion<Request, Response>,
    request: Request,
    silenceMs: number,
  ): Promise<Response> {
    const sent = connection.send({
      request: {
        apiKey: key,
        apiVersion: version.version,
        apiName: name,
        encode: async () => {
          const writer = new Writer();
          if (version.flexible) writer.noTags();
          version.write(request, writer);
          return writer;
        },
      },
      response: {
        decode: async (bytes: Buffer) => {
          const reader = new Reader(bytes);
          if (version.flexible) reader.tags();
          return { clientSideThrottleTime: 0, read: version.read(reader, request) };
        },
        parse: async (decoded) => decoded,
      },
      logResponseError: false,
    });
    try {
      const { read } = await this.#unlessSilent(connection, sent, silenceMs);
      return read as Response;
    } catch (error) {
      throw toFailure(error, "no_answer");
    }
  }

  /** Waits for an answer as long as the broker says anything; then the connection is given up. */
  async #unlessSilent<T>(connection: ConnectionPart, answer: Promise<T>, silenceMs: number): Promise<T> {
    let heard = connection.socket?.bytesRead ?? 0;
    let timer: NodeJS.Timeout | undefined;
    const watch = () => {
      timer = setTimeout(() => {
        // After a pause of the whole process the answer may lie there, unread.
        setImmediate(() => {
          const read = connection.socket?.bytesRead ?? 0;
          if (timer === undefined) return;
          if (read !== heard) {
            heard = read;
            watch();
            return;
          }
          const error = new KafkaFailure(
            "no_answer",
            `${hostPort(this.#host, this.#port)} has not answered for ${silenceMs / 1000} s`,
          );
          this.#giveUp(connection, error);
        });
      }, silenceMs);
    };
    watch();
    try {
      return await answer;
    } finally {
      clearTimeout(timer);
      timer = undefined;
    }
  }

  #drop(error: Error): void {
    const connection = this.#connection;
    this.#connection = undefined;
    this.#opened = undefined;
    if (connection !== undefined) this.#giveUp(connection, error);
  }

  #giveUp(connection: ConnectionPart, error: Error): void {
    if (this.#connection === connection) {
      this.#connection = undefined;
      this.#opened = undefined;
    }
    connection.connectionStatus = "disconnected";
    connection.authHandlers?.onError();
    connection.requestQueue.rejectAll(error);
    connection.requestQueue.destroy();
    connection.socket?.destroy();
  }
}

/** What kafkajs says of connections comes to us as errors, so its own lines are for debugging. */
function quiet(log: Logger): object {
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

/** What is used of kafkajs' connection: sockets, logins and the order of requests. */
interface ConnectionPart {
  readonly socket: Socket | undefined;
  connectionStatus: string;
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
