import { extname } from "node:path";

/**
 * The address of a file of the package, such as `config/code-map.yaml`: src/ with the sources and dist/ with what is
 * built of them lie side by side, and this module lies in either.
 */
export function packagedFile(path: string): URL {
  return new URL(`../${path}`, import.meta.url);
}

/** The address of a module that a thread begins with, by its path in src/ without its extension. */
export function threadFile(name: string): URL {
  return new URL(`${name}${extname(import.meta.filename)}`, import.meta.url);
}
