import { statSync } from "node:fs";
import process from "node:process";
import type { Problem } from "../diagnostics.ts";
import type { SettingsDocument } from "./document.ts";
import { fields } from "./fields.ts";

/** Files with passwords or private keys that every user of this machine can read. */
export function openFiles(document: SettingsDocument): Problem[] {
  // file modes on Windows say nothing about other users
  if (process.platform === "win32") return [];
  return fields.flatMap(({ path, key, confidential }) => {
    const file = document.get(path);
    if (!confidential || typeof file !== "string") return [];
    const stats = statSync(file, { throwIfNoEntry: false });
    if (stats === undefined || !stats.isFile() || (stats.mode & 0o004) === 0) return [];
    const mode = (stats.mode & 0o7777).toString(8).padStart(4, "0");
    return {
      ...document.placeOf(path),
      message: `${key}: ${file} is world-readable (mode ${mode})`,
      hint: "Run `chmod o-r` on it; in Kubernetes set `defaultMode: 0440` and an `fsGroup`.",
    };
  });
}
