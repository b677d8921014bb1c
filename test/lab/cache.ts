import { homedir } from "node:os";
import { isAbsolute, join } from "node:path";

/**
 * Where to keep what was fetched, so that it is fetched once: a folder of that name under the user's cache folder.
 *
 * @throws Error for a user that has none
 */
export function cacheFolder(name: string): string {
  const cache = process.env.XDG_CACHE_HOME ?? "";
  return join(isAbsolute(cache) ? cache : join(home(), ".cache"), "dlr-exporter", name);
}

function home(): string {
  try {
    const folder = homedir();
    if (isAbsolute(folder)) return folder;
  } catch {
    // said below
  }
  throw new Error("this user has no home folder to keep downloads in: set HOME or XDG_CACHE_HOME");
}
