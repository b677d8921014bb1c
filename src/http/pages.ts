import type { ServerResponse } from "node:http";
import { promisify } from "node:util";
import { gzip } from "node:zlib";
import type { Limits } from "./limits.ts";
import type { Refusals } from "./refusals.ts";

/** The metrics as they stand. */
export interface Scrape {
  readonly text: string;
  readonly contentType: string;
  /** Takes note that a client was given all of the text. */
  seen(): void;
}

/** A page in both forms in which it is sent; the bytes are shared by all who are sent it. */
export interface Page {
  readonly contentType: string;
  readonly plain: Buffer;
  /** Compressed in another thread, when it is first asked for. */
  gzipped(): Promise<Buffer>;
  seen(): void;
}

/** A page that is made or sent, and for whom. */
interface Held {
  readonly page: Promise<Page>;
  readonly begunAt: number;
  readonly responses: Set<ServerResponse>;
}

const compress = promisify(gzip);
/** The lowest level takes a quarter of the CPU of the usual one; and few large pieces, few turns of the event loop. */
const compression = { level: 1, chunkSize: 262_144 };

/**
 * The pages of `/metrics` that are under way. A page takes megabytes for as long as its slowest client needs, so a
 * crowd is given the same one, and there is a bound on how many there are.
 */
export class Pages {
  readonly #scrape: () => Promise<Scrape>;
  readonly #limits: Limits;
  readonly #refusals: Refusals;
  /** In the order in which they were begun. */
  #held: readonly Held[] = [];

  constructor(scrape: () => Promise<Scrape>, limits: Limits, refusals: Refusals) {
    this.#scrape = scrape;
    this.#limits = limits;
    this.#refusals = refusals;
  }

  /**
   * The page to answer a request with: the newest, if it is new enough and still being sent, or else another. It is
   * held until the response is closed.
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
