import { readFileSync } from "node:fs";
import { packagedFile } from "../packaged.ts";

/** The version of this program, from its package.json. */
export const version: string = readVersion();

function readVersion(): string {
  const manifest: unknown = JSON.parse(readFileSync(packagedFile("package.json"), "utf8"));
  return manifest !== null && typeof manifest === "object" && "version" in manifest
    ? String(manifest.version)
    : "";
}
