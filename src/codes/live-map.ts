import type { Problem } from "../diagnostics.ts";
import type { CodeMap } from "./code-map.ts";
import { loadCodeMapAside } from "./load-aside.ts";
import type { MapSources } from "./map-files.ts";

export type Reload =
  | { readonly ok: true; readonly changed: boolean }
  | { readonly ok: false; readonly problems: readonly Problem[] };

/** The outcome of the latest load; the start counts as one. */
export interface LastReload {
  readonly successful: boolean;
  /** When the files were last loaded successfully, in seconds since the epoch. */
  readonly succeededAt: number;
}

/** The code map that a running process classifies with, and the only way to replace it. */
export class LiveMap {
  readonly #sources: MapSources;
  readonly #objectionsTo: (map: CodeMap) => readonly Problem[];
  #current: CodeMap;
  #lastReload: LastReload = { successful: true, succeededAt: Date.now() / 1000 };
  #reloads: Promise<unknown> = Promise.resolve();

  /**
   * @param sources the files of a reload; paths with a `*` are expanded each time
   * @param map as just loaded
   * @param objectionsTo further checks of a valid map, such as a topic whose scope it lacks
   */
  constructor(sources: MapSources, map: CodeMap, objectionsTo: (map: CodeMap) => readonly Problem[]) {
    this.#sources = sources;
    this.#objectionsTo = objectionsTo;
    this.#current = map;
  }

  get current(): CodeMap {
    return this.#current;
  }

  get lastReload(): LastReload {
    return this.#lastReload;
  }

  /**
   * Reloads the files, in a thread of its own. If there is any problem, the current map stays; unchanged files change
   * nothing. Concurrent reloads run one after the other, so the latest text is used.
   */
  reload(): Promise<Reload> {
    const reload = this.#reloads.then(() => this.#reload());
    this.#reloads = reload;
    return reload;
  }

  async #reload(): Promise<Reload> {
    const parsed = await loadCodeMapAside(this.#sources);
    const problems = "problems" in parsed ? parsed.problems : this.#objectionsTo(parsed.map);
    if ("problems" in parsed || problems.length > 0) {
      this.#lastReload = { ...this.#lastReload, successful: false };
      return { ok: false, problems };
    }
    const changed = parsed.map.hash !== this.#current.hash;
    if (changed) this.#current = parsed.map;
    this.#lastReload = { successful: true, succeededAt: Date.now() / 1000 };
    return { ok: true, changed };
  }
}
