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
  /** The configured layers of the code map, each by its name, with or without {@link patch}. */
  readonly layers: readonly string[];
  /** The start of the period, as in `replay --from`. */
  readonly since: string;
}

/** Flags that mean the same in other commands. */
const passedOn = ["config", "brokers", "topic", "format", "provider", "scope", "code-map"];

/**
 * The next steps for a written file, one command a line: check it, see what would have changed, load it.
 *
 * @returns lines for a shell, with comments on what to do first
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

/** Without the login: others may read the output. */
function exporterOf(values: Values, { port }: Settings): string {
  const given = URL.parse(textOf(values)("exporter") ?? "");
  return given === null ? `http://localhost:${port}` : given.origin;
}
