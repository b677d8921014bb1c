import type { ISocketFactory } from "kafkajs";
import type { Logger } from "pino";
import { hostPort, splitHostPort } from "../address.ts";
import { type ClientSettings, tlsOptions } from "../client-settings.ts";
import { KafkaFailure, toFailure } from "../failure.ts";
import { saslOptions, untilToken } from "../login/bearer.ts";
import type { Api, ApiVersion } from "./api.ts";
import { Reader, Writer } from "./bytes.ts";
import { apiVersions } from "./cluster-apis.ts";
import { Connection, type ConnectionPart, quiet } from "./connection.ts";
import { frameSocket, giveBackFrames } from "./frame-socket.ts";
import { repairKafkajs } from "./repairs.ts";

repairKafkajs();
/** Connect timeout, in ms. */
const connectMs = 5_000;

/** A broker that supports this request takes logins as requests of their own, since Kafka 1.0. */
const saslAuthenticateKey = 36;

/** Log in again after this part of a session; the broker closes the connection when it ends. */
const renewedPart = 0.85;

/** Brokers accept no other login sooner than this (KIP-368), in ms. */
const shortestSessionMs = 1_100;

type Versions = ReadonlyMap<number, { readonly min: number; readonly max: number }>;

/**
 * One connection to one broker, opened on demand and reopened after a failure. Requests are answered in order. If a
 * broker stays silent while it owes an answer, the connection is closed: its peer may be dead, and a new connection
 * may work.
 */
export class BrokerLink {
  readonly #host: string;
  readonly #port: number;
  readonly #client: ClientSettings;
  readonly #log: Logger;
  #connection: ConnectionPart | undefined;
  #opened: Promise<Versions> | undefined;
  #opening = false;
  /** When to log in again, in ms of the process' clock. */
  #renewAt = Number.POSITIVE_INFINITY;
  #renewing: Promise<void> | undefined;

  /** @param address `host:port`, an IPv6 address in brackets */
  constructor(address: string, client: ClientSettings, log: Logger) {
    const { host, port } = splitHostPort(address);
    this.#host = host;
    this.#port = port;
    this.#client = client;
    this.#log = log;
  }

  /**
   * Sends a request in the first of its versions that the broker supports.
   *
   * @param silenceMs how long the broker may stay silent before the answer
   * @param usable which versions can serve this request; all by default
   * @throws KafkaFailure
   */
  async request<Request, Response>(
    api: Api<Request, Response>,
    request: Request,
    silenceMs: number,
    usable: (version: number) => boolean = () => true,
  ): Promise<Response> {
    const versions = await this.#open(silenceMs);
    await this.#renew(silenceMs);
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
        `this broker does not support ${api.name} version ${wanted}: it is too old or too new`,
      );
    }
    return this.#send(connection, api, version, request, silenceMs);
  }

  /** Nothing that was received is being read any more. */
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
        throw unasked(error);
      },
    );
    this.#opened = opened;
    return opened;
  }

  async #connect(silenceMs: number): Promise<Versions> {
    const { ssl, sasl, clientId } = this.#client;
    await untilToken(sasl, this.#log);
    const connection = new Connection({
      host: this.#host,
      port: this.#port,
      clientId,
      ssl: ssl === undefined ? null : tlsOptions(ssl),
      sasl: sasl === undefined ? null : saslOptions(sasl, this.#log),
      logger: quiet(this.#log),
      socketFactory: frameSocket satisfies ISocketFactory,
      connectionTimeout: connectMs,
      requestTimeout: connectMs,
      enforceRequestTimeout: false,
      // Otherwise it would log in within a request, and a failure would not tell what the broker has done.
      reauthenticationThreshold: 0,
    });
    this.#connection = connection;
    await connection.connect();
    const [version] = apiVersions.versions;
    if (version === undefined) throw new Error("the broker sent no API versions");
    const versions = await this.#send(connection, apiVersions, version, undefined, silenceMs);
    connection.setVersions(
      Object.fromEntries(
        [...versions].map(([key, { min, max }]) => [key, { minVersion: min, maxVersion: max }]),
      ),
    );
    connection.setSupportAuthenticationProtocol(versions.has(saslAuthenticateKey));
    await this.#login(connection, silenceMs);
    return versions;
  }

  async #login(connection: ConnectionPart, silenceMs: number): Promise<void> {
    await this.#unlessSilent(connection, connection.authenticate(), silenceMs);
    const sessionMs = Number(connection.sessionLifetime);
    this.#renewAt =
      sessionMs > 0
        ? performance.now() + Math.max(sessionMs * renewedPart, shortestSessionMs)
        : Number.POSITIVE_INFINITY;
  }

  /** Logs in again when the session is about to end. Other requests on the connection wait. */
  #renew(silenceMs: number): Promise<void> | undefined {
    const connection = this.#connection;
    if (this.#renewing !== undefined || connection === undefined || performance.now() < this.#renewAt)
      return this.#renewing;
    const renewing = this.#loginAnew(connection, silenceMs).finally(() => {
      this.#renewing = undefined;
    });
    this.#renewing = renewing;
    return renewing;
  }

  async #loginAnew(connection: ConnectionPart, silenceMs: number): Promise<void> {
    // Without a token the session simply runs until it ends; nothing was sent to the broker.
    await untilToken(this.#client.sasl, this.#log);
    try {
      // By itself kafkajs 2.2.4 logs in only when the session is over.
      connection.authenticatedAt = null;
      await this.#login(connection, silenceMs);
    } catch (error) {
      this.#giveUp(connection, error as Error);
      throw unasked(error);
    }
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

  /** Waits for an answer while the broker sends anything; then closes the connection. */
  async #unlessSilent<T>(connection: ConnectionPart, answer: Promise<T>, silenceMs: number): Promise<T> {
    let heard = connection.socket?.bytesRead ?? 0;
    let timer: NodeJS.Timeout | undefined;
    const watch = () => {
      timer = setTimeout(() => {
        // After a pause of the whole process the answer may be there, unread.
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

/** A failure before anything was sent that a broker could carry out. */
function unasked(error: unknown): KafkaFailure {
  const { code, message } = toFailure(error, "unreachable");
  return new KafkaFailure(code === "login_refused" ? code : "unreachable", message, { cause: error });
}
