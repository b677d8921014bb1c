import { homedir } from "node:os";
import { join } from "node:path";

/** Where to keep what was fetched, so that it is fetched once: a folder of that name under the user's cache folder. */
export function cacheFolder(name: string): string {
  const cache = process.env.XDG_CACHE_HOME ?? "";
  return join(cache === "" ? join(homedir(), ".cache") : cache, "dlr-exporter", name);
}
