import { readFileSync } from "node:fs";

/** The version of this program, from its package.json. */
export const version: string = readVersion();

function readVersion(): string {
  const manifest: unknown = JSON.parse(readFileSync(new URL("../../package.json", import.meta.url), "utf8"));
  return manifest !== null && typeof manifest === "object" && "version" in manifest
    ? String(manifest.version)
    : "";
}
