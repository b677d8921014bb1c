import { getCompileCacheDir } from "node:module";
import { dirname } from "node:path";

/**
 * The environment of a worker thread: it compiles the same code as the main thread, and shares its compile cache, if
 * there is one.
 */
export function workerEnv(): NodeJS.ProcessEnv {
  const versioned = getCompileCacheDir();
  return versioned === undefined ? process.env : { ...process.env, NODE_COMPILE_CACHE: dirname(versioned) };
}
