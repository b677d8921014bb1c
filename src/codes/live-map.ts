import type { Problem } from "../diagnostics.ts";
import type { CodeMap } from "./code-map.ts";
import { loadCodeMapAside } from "./load-aside.ts";
import type { MapSources } from "./map-files.ts";

export type Reload =
  | { readonly ok: true; readonly changed: boolean }
  | { readonly ok: false; readonly problems: readonly Problem[] };

/** The outcome of the latest reading of the files; the start counts as one. */
export interface LastReload {
  readonly successful: boolean;
  /** When the files were last read and found good, in seconds since the epoch. */
  readonly succeededAt: number;
}

/** The code map that a running process classifies with, and the one way to replace it. */
export class LiveMap {
  readonly #sources: MapSources;
  readonly #objectionsTo: (map: CodeMap) => readonly Problem[];
  #current: CodeMap;
  #lastReload: LastReload = { successful: true, succeededAt: Date.now() / 1000 };
  #reloads: Promise<unknown> = Promise.resolve();

  /**
   * @param sources the files that a reload reads again: those that paths with a `*` stand for then
   * @param map what was just read from them
   * @param objectionsTo what else keeps a good map from being used, such as a topic whose scope it lacks
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
   * Reads the files again, in a thread of their own. On any problem the map in force stays; files with the same texts
   * change nothing. Reloads asked for at the same time run one after the other, so the latest text wins.
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
