import { getCompileCacheDir } from "node:module";
import { dirname } from "node:path";

/**
 * The environment of a worker thread: it compiles what the main thread has compiled, and finds it in the same cache,
 * where there is one.
 */
export function workerEnv(): NodeJS.ProcessEnv {
  const versioned = getCompileCacheDir();
  return versioned === undefined ? process.env : { ...process.env, NODE_COMPILE_CACHE: dirname(versioned) };
}
