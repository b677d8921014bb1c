import { pino } from "pino";
import type { Limits } from "../../src/http/limits.ts";
import { type Listening, type Site, serve } from "../../src/http/server.ts";
import { emptyStatus } from "./example-status.ts";

export const contentType = "text/plain; version=0.0.4; charset=utf-8";

/** A site that is ready, with one metric. */
const plainSite: Site = {
  scrape: async () => ({ text: "dlr_ready 1\n", contentType, seen: () => {} }),
  readiness: () => ({ obstacle: undefined, remarks: [] }),
  reload: async () => ({ ok: true }),
  status: () => emptyStatus,
};

/** The servers of one test file, to be closed after each test, and what they log. */
export class Servers {
  readonly #open: Listening[] = [];
  #log = "";

  /** @param changes what of the site is otherwise */
  async listen(changes: Partial<Site> = {}, limits?: Limits, port = 0): Promise<Listening> {
    const write = (line: string) => {
      this.#log += line;
    };
    const log = pino({ base: null }, { write });
    const server = await serve({ ...plainSite, ...changes }, "127.0.0.1", port, log, limits);
    this.#open.push(server);
    return server;
  }

  /** The log lines of all servers since the last close. */
  get log(): string {
    return this.#log;
  }

  async close(): Promise<void> {
    await Promise.all(this.#open.splice(0).map((server) => server.close(0)));
    this.#log = "";
  }
}
