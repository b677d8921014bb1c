import type { IncomingMessage, Server, ServerResponse } from "node:http";
import type { AddressInfo } from "node:net";
import type { Logger } from "pino";
import { type Problem, renderProblems } from "../diagnostics.ts";
import { http } from "../node-http.ts";
import { Allowance } from "./allowance.ts";
import { Connections } from "./connections.ts";
import { type Limits, usualLimits } from "./limits.ts";
import { Pages, type Scrape } from "./pages.ts";
import { Refusals } from "./refusals.ts";
import { acceptsGzip, isCrossSite } from "./request-headers.ts";
import { StatusAnswers } from "./status-answers.ts";
import type { Status } from "./status.ts";

/** Whether receipts are being counted and committed. */
export interface Readiness {
  /** One sentence on why not; undefined when they are. */
  readonly obstacle: string | undefined;
  /** Problems that no restart would fix: one sentence each. */
  readonly remarks: readonly string[];
}

/** Where the routes' answers come from. */
export interface Site {
  scrape(): Promise<Scrape>;
  readiness(): Readiness;
  /** Reloads the code map; concurrent calls share one reload. */
  reload(): Promise<{ readonly ok: true } | { readonly ok: false; readonly problems: readonly Problem[] }>;
  /** The exporter's state. It is not a scrape: Prometheus has not seen what it shows. */
  status(): Status;
}

export interface Listening {
  readonly port: number;
  /**
   * Accepts no new connections, and resolves when all are closed; idle ones are closed at once.
   *
   * @param grace how long answers in flight may take, in ms; a second by default
   */
  close(grace?: number): Promise<void>;
}

/**
 * Serves `/metrics`, `/-/healthy`, `/-/ready`, `/-/reload` (POST or PUT), the status page `/` and the same as JSON,
 * `/-/status`, to untrusted clients.
 *
 * @param port 0 lets the system choose
 * @param limits for the clients
 * @throws an Error of node:net when it can't listen on the address
 */
export async function serve(
  site: Site,
  host: string,
  port: number,
  log: Logger,
  limits: Limits = usualLimits,
): Promise<Listening> {
  const server = http.createServer({
    maxHeaderSize: limits.headBytes,
    headersTimeout: limits.headMs,
    requestTimeout: limits.requestMs,
    connectionsCheckingInterval: limits.checkMs,
    keepAliveTimeout: limits.idleMs,
  });
  const refusals = new Refusals(log);
  const connections = new Connections(server, limits, refusals);
  const answers = new Answers(site, limits, refusals);
  server.on("request", (request, response) => {
    const path = (request.url ?? "/").split("?")[0] ?? "/";
    answers.give(path, request, response).catch((error: Error) => {
      log.error({ err: error, path }, "a request failed");
      if (!response.headersSent) send(response, 500, `${error.message}\n`);
      else response.destroy();
    });
  });
  await listen(server, host, port);
  const bound = (server.address() as AddressInfo).port;
  log.info({ host, port: bound }, "listening");
  return {
    port: bound,
    close: (grace) => connections.close(grace),
  };
}

const routes = new Map([
  ["/", ["GET", "HEAD"]],
  ["/metrics", ["GET", "HEAD"]],
  ["/-/healthy", ["GET", "HEAD"]],
  ["/-/ready", ["GET", "HEAD"]],
  ["/-/status", ["GET", "HEAD"]],
  ["/-/reload", ["POST", "PUT"]],
]);

/** Answers requests. */
class Answers {
  readonly #site: Site;
  readonly #limits: Limits;
  readonly #refusals: Refusals;
  readonly #pages: Pages;
  readonly #reloads: Allowance;
  readonly #status: StatusAnswers;

  constructor(site: Site, limits: Limits, refusals: Refusals) {
    this.#site = site;
    this.#limits = limits;
    this.#refusals = refusals;
    this.#pages = new Pages(() => site.scrape(), limits, refusals);
    this.#reloads = new Allowance(limits.reloads, limits.reloadEveryMs);
    this.#status = new StatusAnswers(() => site.status(), limits.sharedMs);
  }

  /** @param path without the query */
  async give(path: string, request: IncomingMessage, response: ServerResponse): Promise<void> {
    const { method = "GET", headers } = request;
    const length = Number(headers["content-length"] ?? 0);
    // Node.js would read an unwanted body to its end, however long.
    if (length > this.#limits.bodyBytes || headers["transfer-encoding"] !== undefined) {
      response.setHeader("connection", "close");
    }
    if (length > this.#limits.bodyBytes) {
      this.#refusals.note("body");
      return send(response, 413, "requests must not have a body\n");
    }
    const allowed = routes.get(path);
    if (allowed === undefined) return send(response, 404, "not found; see /\n");
    if (!allowed.includes(method)) {
      response.setHeader("allow", allowed.join(", "));
      return send(response, 405, `${method} is not allowed for ${path}\n`);
    }
    switch (path) {
      case "/metrics":
        return this.#sendPage(request, response);
      case "/-/healthy":
        return send(response, 200, "healthy\n");
      case "/-/ready": {
        const { obstacle, remarks } = this.#site.readiness();
        const [status, first] = obstacle === undefined ? [200, "ready"] : [503, `not ready: ${obstacle}`];
        return send(response, status, `${[first, ...remarks].join("\n")}\n`);
      }
      case "/-/reload":
        return this.#reload(request, response);
      default: {
        const { body, type, headers } = path === "/" ? this.#status.page(request) : this.#status.json();
        for (const [name, value] of headers) response.setHeader(name, value);
        return send(response, 200, body, type);
      }
    }
  }

  async #sendPage(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const { contentType, plain, gzipped, seen } = await this.#pages.take(response);
    if (response.destroyed) return;
    response.setHeader("vary", "Accept-Encoding");
    let bytes = plain;
    if (plain.length >= this.#limits.gzipFromBytes && acceptsGzip(request.headers)) {
      bytes = await gzipped();
      response.setHeader("content-encoding", "gzip");
    }
    // Seen only once the last byte was handed over, which excludes HEAD and clients that went away. A fetch that a
    // page of another site triggers in a browser is no scrape.
    if (request.method === "GET" && !isCrossSite(request.headers)) response.once("finish", seen);
    send(response, 200, bytes, contentType);
  }

  async #reload(request: IncomingMessage, response: ServerResponse): Promise<void> {
    // None of our pages sends it: a page whose name resolves to this address could pose as ours.
    if (isCrossSite(request.headers) || request.headers.origin !== undefined) {
      this.#refusals.note("cross_site");
      return send(response, 403, "web pages may not reload the code map\n");
    }
    const wait = this.#reloads.take(performance.now());
    if (wait > 0) {
      this.#refusals.note("reloads");
      response.setHeader("retry-after", Math.ceil(wait / 1000));
      return send(response, 429, "too many reloads in a row; try again later\n");
    }
    const reload = await this.#site.reload();
    if (reload.ok) return send(response, 200, "code map reloaded\n");
    const told = renderProblems(reload.problems);
    return send(response, 500, `the code map was not reloaded; the previous one stays in use\n${told}`);
  }
}

function send(
  response: ServerResponse,
  status: number,
  body: string | Buffer,
  type = "text/plain; charset=utf-8",
): void {
  const bytes = typeof body === "string" ? Buffer.from(body) : body;
  response.setHeader("x-content-type-options", "nosniff");
  response.writeHead(status, { "content-type": type, "content-length": bytes.length });
  response.end(response.req.method === "HEAD" ? undefined : bytes);
}

function listen(server: Server, host: string, port: number): Promise<void> {
  return new Promise((resolve, reject) => {
    server.once("error", reject);
    server.listen(port, host, () => {
      server.removeListener("error", reject);
      resolve();
    });
  });
}
