import { extname } from "node:path";
import { Worker } from "node:worker_threads";
import type { Problem } from "../diagnostics.ts";
import { workerEnv } from "../worker-env.ts";
import { type Category, type CodeEntry, CodeMap, type CodeTable, type MapFile } from "./code-map.ts";
import { loadCodeMap } from "./load.ts";
import type { MapPart } from "./load-worker.ts";
import type { MapSources } from "./map-files.ts";

/** A code map whose test rows hold, or everything that is wrong with the file. */
export type MapLoadedAside = { readonly map: CodeMap } | { readonly problems: readonly Problem[] };

/** What a thread ends with whose file, or one that it imports, is not there. */
const filesGone: ReadonlySet<string> = new Set(["MODULE_NOT_FOUND", "ERR_MODULE_NOT_FOUND"]);

/**
 * Loads a code map as `loadCodeMap` does, in a thread of its own: to parse ten thousand codes takes seconds, and a
 * process that counts has heartbeats to send meanwhile. A thread that fails, out of memory for example, is a problem at
 * the start of the code map's file.
 */
export async function loadCodeMapAside(sources: MapSources): Promise<MapLoadedAside> {
  const worker = new Worker(new URL(`./load-worker${extname(import.meta.filename)}`, import.meta.url), {
    workerData: sources,
    env: workerEnv(),
  });
  const failed = new Promise<never>((_, reject) => {
    worker.once("error", reject);
    worker.once("exit", (code) => reject(new Error(`its thread ended with ${code}`)));
  });
  // Once the last part is there nobody asks whether the thread has ended.
  failed.catch(() => {});
  // Each part comes in a turn of the event loop of its own, since none is sent before it is asked for.
  const next = () => {
    const part = new Promise<MapPart>((resolve) => worker.once("message", resolve));
    worker.postMessage("next");
    return Promise.race([part, failed]);
  };
  try {
    return await assemble(next);
  } catch (error) {
    // An upgrade has taken the program's own files away: what is loaded already can do it too.
    if (filesGone.has((error as NodeJS.ErrnoException).code ?? "")) return await loadCodeMap(sources);
    const message = `cannot be parsed: ${error instanceof Error ? error.message : String(error)}`;
    return {
      problems: [
        {
          ...{ file: sources.base, line: 1, column: 1, message },
          hint: "Make the map smaller, or give the process more memory.",
        },
      ],
    };
  } finally {
    await worker.terminate();
  }
}

async function assemble(next: () => Promise<MapPart>): Promise<MapLoadedAside> {
  const problems: Problem[] = [];
  const categories = new Map<string, Category>();
  const tables: (CodeTable & { readonly entries: CodeEntry[] })[] = [];
  let hash = "";
  let files: readonly MapFile[] = [];
  for (let part = await next(); part.kind !== "end"; part = await next()) {
    switch (part.kind) {
      case "problems":
        problems.push(...part.problems);
        break;
      case "head":
        ({ hash, files } = part);
        for (const [name, labels] of part.categories) categories.set(name, labels);
        break;
      case "table":
        tables.push({ ...part.table, entries: [] });
        break;
      case "entries":
        tables.at(-1)?.entries.push(...part.entries);
        break;
    }
  }
  return problems.length > 0 ? { problems } : { map: new CodeMap({ hash, categories, tables, files }) };
}
