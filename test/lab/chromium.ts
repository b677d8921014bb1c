import { existsSync } from "node:fs";
import { delimiter, join } from "node:path";
import { type Browser, chromium } from "playwright-core";

/** As Debian names them; the first is smaller and has no window. */
const commands = ["chromium-headless-shell", "chromium"];

const executable = (process.env.PATH ?? "")
  .split(delimiter)
  .flatMap((folder) => commands.map((command) => join(folder, command)))
  .find((file) => existsSync(file));

/** Why no real Chromium can be run here; undefined when it can. */
export const chromiumMissing: string | undefined =
  executable === undefined
    ? "chromium is not installed (Debian: apt install chromium-headless-shell)"
    : undefined;

/**
 * Starts the system's Chromium, which ends with this process at the latest.
 *
 * @throws Error when there is none
 */
export function startChromium(): Promise<Browser> {
  if (executable === undefined) throw new Error(chromiumMissing);
  // Its sandbox can't be had as root, and it is shown pages of our own alone.
  return chromium.launch({ executablePath: executable, chromiumSandbox: false });
}
