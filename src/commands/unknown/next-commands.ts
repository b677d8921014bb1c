import { resolve } from "node:path";
import type { Settings } from "../../config/schema.ts";
import { textOf, type Values } from "../history-flags.ts";
import { quoted } from "../shell-words.ts";

/** What the next commands depend on. */
export interface Patched {
  readonly values: Values;
  readonly settings: Settings;
  /** The file that was written. */
  readonly patch: string;
  /** The files that lie over the code map by the settings, each by its name, {@link patch} among them or not. */
  readonly layers: readonly string[];
  /** When the receipts began, as `replay --from` takes it. */
  readonly since: string;
}

/** The flags that say the same to other commands. */
const passedOn = ["config", "brokers", "topic", "format", "provider", "scope", "code-map"];

/**
 * What to do with a file that was written, one command a line: check it, see what would have moved, have it read.
 *
 * @returns lines ready to be pasted into a shell, with comments where something has to be done before
 */
export function nextCommands({ values, settings, patch, layers, since }: Patched): string {
  const others = layers.filter((file) => resolve(file) !== resolve(patch));
  const isNamed = others.length < layers.length;
  const flags =
    isNamed && values["code-maps"] === undefined ? [] : ["--code-maps", [...others, patch].join(",")];
  const own = passedOn.flatMap((name) => {
    const value = values[name];
    const all = value === undefined ? [] : typeof value === "string" ? [value] : value;
    return all.flatMap((one) => [`--${name}`, one]);
  });
  const command = (...words: readonly string[]) =>
    `${words.map((word) => (word.startsWith("--") ? word : quoted(word))).join(" ")}\n`;
  const week = { from: since, to: "now", compare: [settings.codeMap, ...others].join(",") };
  const compared = Object.entries(week).flatMap(([name, value]) => [`--${name}`, value]);
  const naming = isNamed
    ? ""
    : `# List ${patch} in code_maps or --code-maps where run is started; from then on a reload reads it\n`;
  return (
    command("dlr-exporter", "check", ...own, ...flags) +
    command("dlr-exporter", "replay", ...own, ...flags, ...compared) +
    naming +
    command("curl", "-X", "POST", `${exporterOf(values, settings)}/-/reload`)
  );
}

/** Without a login: what is printed may be read by others. */
function exporterOf(values: Values, { port }: Settings): string {
  const given = URL.parse(textOf(values)("exporter") ?? "");
  return given === null ? `http://localhost:${port}` : given.origin;
}
