import type { ServerResponse } from "node:http";
import { promisify } from "node:util";
import { gzip } from "node:zlib";
import type { Limits } from "./limits.ts";
import type { Refusals } from "./refusals.ts";

/** The current metrics. */
export interface Scrape {
  readonly text: string;
  readonly contentType: string;
  /** To be called when a client has received the whole text. */
  seen(): void;
}

/** A page in both encodings; all clients share its bytes. */
export interface Page {
  readonly contentType: string;
  readonly plain: Buffer;
  /** Compressed on demand, in another thread. */
  gzipped(): Promise<Buffer>;
  seen(): void;
}

/** A page that is being made or sent, and its clients. */
interface Held {
  readonly page: Promise<Page>;
  readonly begunAt: number;
  readonly responses: Set<ServerResponse>;
}

const compress = promisify(gzip);
/** The lowest level takes a quarter of the default's CPU; large chunks mean few turns of the event loop. */
const compression = { level: 1, chunkSize: 262_144 };

/**
 * The pages of `/metrics` in flight. A page occupies megabytes until its slowest client has it, so concurrent clients
 * share one, and their number is limited.
 */
export class Pages {
  readonly #scrape: () => Promise<Scrape>;
  readonly #limits: Limits;
  readonly #refusals: Refusals;
  /** Oldest first. */
  #held: readonly Held[] = [];

  constructor(scrape: () => Promise<Scrape>, limits: Limits, refusals: Refusals) {
    this.#scrape = scrape;
    this.#limits = limits;
    this.#refusals = refusals;
  }

  /**
   * The page for a request: the newest, if it is recent enough and still being sent; otherwise a new one. It is kept
   * until the response is closed.
   */
  take(response: ServerResponse): Promise<Page> {
    const now = performance.now();
    const newest = this.#held.at(-1);
    const held =
      newest !== undefined && now - newest.begunAt < this.#limits.sharedMs ? newest : this.#begin(now);
    held.responses.add(response);
    response.once("close", () => {
      held.responses.delete(response);
      if (held.responses.size === 0) this.#drop(held);
    });
    return held.page;
  }

  #begin(now: number): Held {
    const [oldest] = this.#held;
    if (oldest !== undefined && this.#held.length >= this.#limits.pages) {
      this.#drop(oldest);
      for (const response of oldest.responses) {
        this.#refusals.note("pages");
        response.destroy();
      }
    }
    const held = { page: this.#scrape().then(pageOf), begunAt: now, responses: new Set<ServerResponse>() };
    this.#held = [...this.#held, held];
    return held;
  }

  #drop(held: Held): void {
    this.#held = this.#held.filter((other) => other !== held);
  }
}

function pageOf({ text, contentType, seen }: Scrape): Page {
  const plain = Buffer.from(text);
  let compressed: Promise<Buffer> | undefined;
  return {
    contentType,
    plain,
    gzipped: () => {
      compressed ??= compress(plain, compression);
      return compressed;
    },
    seen,
  };
}
