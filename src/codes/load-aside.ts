import { Worker } from "node:worker_threads";
import type { Problem } from "../diagnostics.ts";
import { threadFile } from "../packaged.ts";
import { workerEnv } from "../worker-env.ts";
import { type Category, type CodeEntry, CodeMap, type CodeTable, type MapFile } from "./code-map.ts";
import type { MapPart } from "./load-worker.ts";
import { loadCodeMap } from "./load.ts";
import type { MapSources } from "./map-files.ts";

/** A code map whose test rows pass, or all problems of the file. */
export type MapLoadedAside = { readonly map: CodeMap } | { readonly problems: readonly Problem[] };

/** Error codes of a thread whose file, or one it imports, is missing. */
const filesGone: ReadonlySet<string> = new Set(["MODULE_NOT_FOUND", "ERR_MODULE_NOT_FOUND"]);

/**
 * Loads a code map like `loadCodeMap`, in its own thread: parsing ten thousand codes takes seconds, and a running
 * exporter has to send heartbeats meanwhile. If the thread fails, by running out of memory for example, that is a
 * problem at the start of the code map's file.
 */
export async function loadCodeMapAside(sources: MapSources): Promise<MapLoadedAside> {
  const worker = new Worker(threadFile("codes/load-worker"), {
    workerData: sources,
    env: workerEnv(),
  });
  const failed = new Promise<never>((_, reject) => {
    worker.once("error", reject);
    worker.once("exit", (code) => reject(new Error(`its thread ended with ${code}`)));
  });
  // After the last part nobody awaits the end of the thread.
  failed.catch(() => {});
  // Each part arrives in its own turn of the event loop, since it is sent only on request.
  const next = () => {
    const part = new Promise<MapPart>((resolve) => worker.once("message", resolve));
    worker.postMessage("next");
    return Promise.race([part, failed]);
  };
  try {
    return await assemble(next);
  } catch (error) {
    // An upgrade has removed the program's own files: the code that is already loaded can do it too.
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
