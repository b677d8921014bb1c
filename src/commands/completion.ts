import { loadConfiguration } from "../config/configuration.ts";
import { didYouMean } from "../diagnostics.ts";
import { type Command, UsageError } from "./command.ts";
import { bashScript } from "./completion/bash.ts";
import { fishScript } from "./completion/fish.ts";
import { vocabularyOf } from "./completion/vocabulary.ts";
import { zshScript } from "./completion/zsh.ts";
import { parseFlags } from "./flags.ts";
import { printProblems } from "./problems.ts";

const scripts = { bash: bashScript, zsh: zshScript, fish: fishScript } as const;

/**
 * `completion`: prints a script that completes commands, flags and their values in a shell.
 *
 * @param commands loads all of the program's, this one too
 */
export function completionCommand(commands: () => Promise<readonly Command[]>): Command {
  return {
    name: "completion",
    summary: "prints what a shell completes commands, flags and their values by",
    usage: "bash|zsh|fish",
    flags: [],
    words: { bash: "nothing", zsh: "nothing", fish: "nothing" },
    notes: `Formats, categories, scopes and providers are those of the packaged code map.

Examples:
  source <(dlr-exporter completion bash)                                    in ~/.bashrc
  dlr-exporter completion zsh >"\${fpath[1]}/_dlr-exporter"
  dlr-exporter completion fish >~/.config/fish/completions/dlr-exporter.fish
`,
    async run(args, io) {
      const [shell, extra] = parseFlags([], args).positionals;
      const shells = Object.keys(scripts);
      if (shell === undefined || extra !== undefined)
        throw new UsageError(`completion takes one of ${shells.join(", ")}`);
      if (!isShell(shell)) {
        const meant = didYouMean(shell, shells);
        const hint = meant === undefined ? `there are ${shells.join(", ")}` : `did you mean ${meant}?`;
        throw new UsageError(`there is no completion ${shell}; ${hint}`);
      }
      // The script is permanent, so it must not depend on the user's present settings.
      const loaded = await loadConfiguration({ flags: {}, env: {} });
      if ("problems" in loaded) return printProblems(loaded.problems, io);
      const { map, formats } = loaded.map;
      io.stdout.write(scripts[shell](vocabularyOf(await commands(), map, formats.formats)));
      return 0;
    },
  };
}

function isShell(name: string): name is keyof typeof scripts {
  return Object.hasOwn(scripts, name);
}
