import { createServer, type Server, type ServerResponse } from "node:http";
import type { AddressInfo } from "node:net";
import type { Logger } from "pino";
import { type Problem, renderProblems } from "../diagnostics.ts";
import { Connections } from "./connections.ts";
import { type LandingPage, type Readiness, renderLanding } from "./landing.ts";

/** The metrics as they stand. */
export interface Scrape {
  readonly text: string;
  readonly contentType: string;
  /** Takes note that a client was given all of the text. */
  seen(): void;
}

/** What the five routes answer with. */
export interface Site {
  scrape(): Promise<Scrape>;
  readiness(): Readiness;
  /** Reads the code map again. */
  reload(): Promise<{ readonly ok: true } | { readonly ok: false; readonly problems: readonly Problem[] }>;
  landing(): LandingPage;
}

export interface Listening {
  readonly port: number;
  /**
   * Takes no new connection, and resolves when all are closed: at once those that wait for no answer.
   *
   * @param grace how long answers that are under way may take, in ms; a second by default
   */
  close(grace?: number): Promise<void>;
}

/**
 * Serves `/metrics`, `/-/healthy`, `/-/ready`, `/-/reload` (POST or PUT) and the landing page `/`.
 *
 * @param port 0 lets the system choose
 * @throws an Error of node:net when the address can't be had
 */
export async function serve(site: Site, host: string, port: number, log: Logger): Promise<Listening> {
  const server = createServer();
  const connections = new Connections(server);
  server.on("request", (request, response) => {
    const path = (request.url ?? "/").split("?")[0] ?? "/";
    answer(site, request.method ?? "GET", path, response).catch((error: Error) => {
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

async function answer(site: Site, method: string, path: string, response: ServerResponse): Promise<void> {
  const allowed = routes[path];
  if (allowed === undefined) return send(response, 404, "not found; see /\n");
  if (!allowed.includes(method)) {
    response.setHeader("allow", allowed.join(", "));
    return send(response, 405, `${method} is not for ${path}\n`);
  }
  switch (path) {
    case "/metrics": {
      const { text, contentType, seen } = await site.scrape();
      // only once the last byte is on its way, which it never is for HEAD or for a client that went away
      if (method === "GET") response.once("finish", seen);
      return send(response, 200, text, contentType);
    }
    case "/-/healthy":
      return send(response, 200, "healthy\n");
    case "/-/ready": {
      const { obstacle, remarks } = site.readiness();
      const [status, first] = obstacle === undefined ? [200, "ready"] : [503, `not ready: ${obstacle}`];
      return send(response, status, `${[first, ...remarks].join("\n")}\n`);
    }
    case "/-/reload": {
      const reload = await site.reload();
      if (reload.ok) return send(response, 200, "code map reloaded\n");
      const told = renderProblems(reload.problems, () => undefined);
      return send(response, 500, `the code map was not reloaded, the one before stays in use\n${told}`);
    }
    default:
      return send(response, 200, renderLanding(site.landing()), "text/html; charset=utf-8");
  }
}

const routes: Readonly<Record<string, readonly string[]>> = {
  "/": ["GET", "HEAD"],
  "/metrics": ["GET", "HEAD"],
  "/-/healthy": ["GET", "HEAD"],
  "/-/ready": ["GET", "HEAD"],
  "/-/reload": ["POST", "PUT"],
};

function send(
  response: ServerResponse,
  status: number,
  body: string,
  type = "text/plain; charset=utf-8",
): void {
  const bytes = Buffer.from(body);
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
