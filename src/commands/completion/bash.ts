import type { OfferedCommand } from "./vocabulary.ts";

/**
 * The completion script of bash 3.2 and newer. It needs no other script.
 *
 * @param commands to complete; without spaces in any word
 */
export function bashScript(commands: readonly OfferedCommand[]): string {
  const names = [...commands.map(({ name }) => name), "--help", "--version"];
  return `# bash completion of dlr-exporter: source <(dlr-exporter completion bash)
_dlr_exporter() {
  local current=\${COMP_WORDS[COMP_CWORD]} before=\${COMP_WORDS[COMP_CWORD-1]} flags= words= files=
  COMPREPLY=()
  if ((COMP_CWORD == 1)); then
    COMPREPLY=($(compgen -W '${names.join(" ")}' -- "$current"))
    return
  fi
  # --flag=value comes as three words
  if [[ $current == = ]]; then
    current=
  elif [[ $before == = ]]; then
    before=\${COMP_WORDS[COMP_CWORD-2]}
  fi
  case \${COMP_WORDS[1]} in
${commands.map(commandCase).join("")}  esac
  if [[ $files ]]; then
    # Nothing of ours: bash offers files by itself, as -o default says.
    return
  fi
  compopt +o default 2>/dev/null
  if [[ $current == -* ]]; then words=$flags; fi
  COMPREPLY=($(compgen -W "$words" -- "$current"))
}
complete -o default -F _dlr_exporter dlr-exporter
`;
}

function commandCase({ name, flags, words, filesBehind }: OfferedCommand): string {
  const given = flags.map((flag) => `--${flag.name}`);
  const behind = new Map<string, string[]>();
  for (const { name: flag, offer } of flags) {
    if (offer.kind === "nothing") continue;
    const effect =
      offer.kind === "files"
        ? "files=1"
        : offer.kind === "text"
          ? "flags="
          : `flags= words='${offer.words.join(" ")}'`;
    behind.set(effect, [...(behind.get(effect) ?? []), `--${flag}`]);
  }
  const cases = [...behind].map(([effect, names]) => `        ${names.join("|")}) ${effect} ;;\n`);
  const others = [
    words.length === 0 ? "" : `if ((COMP_CWORD == 2)); then words='${words.join(" ")}'; fi`,
    ...filesBehind.map((word) => `if [[ \${COMP_WORDS[2]} == ${word} && $current != -* ]]; then files=1; fi`),
  ].filter((line) => line !== "");
  const otherwise =
    others.length === 0
      ? ""
      : `        *)\n${others.map((line) => `          ${line}\n`).join("")}          ;;\n`;
  return `    ${name})
      flags='${given.join(" ")}'
      case $before in
${cases.join("")}${otherwise}      esac
      ;;
`;
}
