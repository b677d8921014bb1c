import { quoted } from "../shell-words.ts";
import type { OfferedCommand, OfferedFlag } from "./vocabulary.ts";

/** The completion script of fish 3. */
export function fishScript(commands: readonly OfferedCommand[]): string {
  const names = commands.map(
    ({ name, summary }) =>
      `complete -c dlr-exporter -n __dlr_exporter_first -a ${quoted(name)} -d ${fishQuoted(summary)}\n`,
  );
  return `# fish completion of dlr-exporter: dlr-exporter completion fish >~/.config/fish/completions/dlr-exporter.fish
function __dlr_exporter_first
  test (count (commandline -opc)) -eq 1
end
# the command, then the word behind it
function __dlr_exporter_is
  set -l given (commandline -opc)
  test "$given[2]" = $argv[1]; or return 1
  test (count $argv) -eq 1; or test "$given[3]" = $argv[2]
end
function __dlr_exporter_begins
  set -l given (commandline -opc)
  test (count $given) -eq 2 -a "$given[2]" = $argv[1]
end
complete -c dlr-exporter -e
complete -c dlr-exporter -f
complete -c dlr-exporter -n __dlr_exporter_first -s h -l help -d 'Say what commands there are'
complete -c dlr-exporter -n __dlr_exporter_first -s V -l version -d 'Print the version'
${names.join("")}${commands.map(ofCommand).join("")}`;
}

function ofCommand({ name, flags, words, filesBehind }: OfferedCommand): string {
  const first =
    words.length === 0
      ? ""
      : `complete -c dlr-exporter -n '__dlr_exporter_begins ${name}' -a ${fishQuoted(words.join(" "))}\n`;
  const files = filesBehind.map(
    (word) => `complete -c dlr-exporter -n '__dlr_exporter_is ${name} ${word}' -F\n`,
  );
  return `${flags.map((flag) => ofFlag(name, flag)).join("")}${first}${files.join("")}`;
}

function ofFlag(command: string, { name, about, offer }: OfferedFlag): string {
  const takes = {
    nothing: "",
    files: " -r -F",
    text: " -x",
    words: ` -x -a ${fishQuoted(offer.kind === "words" ? offer.words.join(" ") : "")}`,
  }[offer.kind];
  return `complete -c dlr-exporter -n '__dlr_exporter_is ${command}' -l ${name}${takes} -d ${fishQuoted(about)}\n`;
}

/** fish has two escapes in single quotes. */
function fishQuoted(text: string): string {
  return `'${text.replace(/['\\]/g, "\\$&")}'`;
}
