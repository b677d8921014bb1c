import { createServer, type IncomingHttpHeaders, type RequestListener } from "node:http";
import { createServer as createTlsServer, type ServerOptions } from "node:https";
import { buffer } from "node:stream/consumers";
import snappy from "snappy";
import { onTestFinished } from "vitest";
import { decodeWriteRequest } from "./write-request.ts";

/** What a receiver answers to a request of these headers and this path, before it looks at the samples; else 200. */
type Door = (
  path: string,
  headers: IncomingHttpHeaders,
) => { readonly status: number; readonly body: string } | undefined;

/** Stands in for the receivers of a Mimir, a Thanos and a VictoriaMetrics cluster, on their paths and with their words. */
export interface Receivers {
  readonly url: string;
  /** How many samples each tenant holds, by `path tenant`. */
  readonly held: ReadonlyMap<string, number>;
}

const tenants: Readonly<Record<string, (headers: IncomingHttpHeaders) => string | undefined>> = {
  "/api/v1/push": (headers) => headers["x-scope-orgid"]?.toString(),
  "/api/v1/receive": (headers) => headers["thanos-tenant"]?.toString() ?? "default-tenant",
  "/insert/0/prometheus/api/v1/write": () => "0",
};

/**
 * Starts one, until the test ends.
 *
 * @param door of a gateway before it
 * @param oldest the time of the oldest sample that it takes, in ms since the epoch
 * @param tls certificates; undefined talks without TLS
 */
export async function receivers({
  door = () => undefined,
  oldest = 0,
  tls,
}: {
  readonly door?: Door;
  readonly oldest?: number;
  readonly tls?: ServerOptions;
} = {}): Promise<Receivers> {
  const held = new Map<string, number>();
  const listener: RequestListener = async (request, response) => {
    const { url: path = "", headers, method } = request;
    const body = await buffer(request);
    const answer = (status: number, words = "") => response.writeHead(status).end(words);
    const stopped = door(path, headers);
    if (stopped !== undefined) return answer(stopped.status, stopped.body);
    const tenantOf = tenants[path];
    if (tenantOf === undefined || method !== "POST") return answer(404, "404 page not found\n");
    const tenant = tenantOf(headers);
    if (tenant === undefined) return answer(401, "no org id\n");
    if (headers["content-type"] !== "application/x-protobuf") return answer(415, "unsupported content type");
    const samples = samplesIn(body);
    const old = samples.find((at) => at < oldest);
    if (old !== undefined) {
      const words = `failed pushing to ingester mimir-1: user=${tenant}: the sample has been rejected because its timestamp is too old (err-mimir-sample-timestamp-too-old). The affected sample has timestamp ${new Date(old).toISOString()}`;
      return answer(400, words);
    }
    const key = `${path} ${tenant}`;
    held.set(key, (held.get(key) ?? 0) + samples.length);
    return answer(200);
  };
  const server = tls === undefined ? createServer(listener) : createTlsServer(tls, listener);
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  onTestFinished(() => {
    server.close();
    server.closeAllConnections();
  });
  const address = server.address();
  if (address === null || typeof address === "string") throw new Error("a TCP server has a port");
  return { url: `${tls === undefined ? "http" : "https"}://127.0.0.1:${address.port}`, held };
}

/** The times of all samples of a request, in ms since the epoch. */
function samplesIn(body: Buffer): number[] {
  const plain = snappy.uncompressSync(body, { asBuffer: true });
  if (!Buffer.isBuffer(plain)) throw new Error("asked for bytes");
  return decodeWriteRequest(plain).flatMap(({ samples }) => samples.map(({ at }) => at));
}

/** A gateway that lets in who has this header. */
export function wanting(name: string, value: string): Door {
  return (_, headers) =>
    headers[name] === value ? undefined : { status: 401, body: `wrong: ${headers[name] ?? "nothing"}\n` };
}
