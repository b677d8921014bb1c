import { quoted } from "../shell-words.ts";
import type { OfferedCommand, OfferedFlag } from "./vocabulary.ts";

/** The completion script of zsh, for a folder of \`fpath\` or to be sourced after compinit. */
export function zshScript(commands: readonly OfferedCommand[]): string {
  const described = commands.map(({ name, summary }) => quoted(`${name}:${escaped(summary)}`));
  return `#compdef dlr-exporter
# zsh completion of dlr-exporter: dlr-exporter completion zsh >"\${fpath[1]}/_dlr-exporter"
_dlr-exporter() {
  local curcontext="$curcontext" state line
  local -a commands=(
${described.map((line) => `    ${line}\n`).join("")}  )
  _arguments -C '(- *)'{-h,--help}'[say what commands there are]' '(- *)'{-V,--version}'[print the version]' \\
    '1: :->command' '*:: :->argument'
  case $state in
    command) _describe -t commands command commands ;;
    argument)
      case $words[1] in
${commands.map(commandCase).join("")}      esac
      ;;
  esac
}
if [[ $funcstack[1] == _dlr-exporter ]]; then
  _dlr-exporter "$@"
else
  compdef _dlr-exporter dlr-exporter
fi
`;
}

function commandCase({ name, flags, words, filesBehind }: OfferedCommand): string {
  const first = words.length === 0 ? [] : [quoted(`1: :(${words.join(" ")})`)];
  const files = filesBehind.length === 0 ? [] : [quoted("*:file:_files")];
  const specs = [...flags.map(flagSpec), ...first, ...files];
  return `        ${name}) _arguments ${specs.map((spec) => `\\\n          ${spec}`).join(" ")} ;;\n`;
}

function flagSpec({ name, about, list, offer }: OfferedFlag): string {
  const often = list ? "*" : "";
  if (offer.kind === "nothing") return quoted(`${often}--${name}[${escaped(about)}]`);
  const values =
    offer.kind === "files" ? "_files" : offer.kind === "words" ? `(${offer.words.join(" ")})` : " ";
  return quoted(`${often}--${name}=[${escaped(about)}]:${name}:${values}`);
}

/** Text in brackets, or after a colon. */
function escaped(text: string): string {
  return text.replace(/[\\[\]:]/g, "\\$&");
}
