import { createInterface } from "node:readline/promises";
import type { Io } from "../command.ts";
import { agreementWords, suggestionLines } from "../suggestion-words.ts";
import type { Choice } from "./patch.ts";
import type { Suspect } from "./report.ts";

/**
 * Asks on a terminal, code by code, how to count each. Nothing is chosen automatically; the end of the input ends the
 * questions and keeps the choices made.
 *
 * @param suspects with a suggestion
 */
export async function askFor(suspects: readonly Suspect[], { stdin, stderr }: Io): Promise<Choice[]> {
  const choices: Choice[] = [];
  const terminal = createInterface({ input: stdin, output: stderr });
  const closed = new AbortController();
  terminal.once("close", () => closed.abort());
  terminal.once("SIGINT", () => terminal.close());
  try {
    for (const [index, suspect] of suspects.entries()) {
      const { provider, scope, code, count, suggestions } = suspect;
      stderr.write(
        `\n${index + 1} of ${suspects.length}: ${provider} ${scope} ${JSON.stringify(code)}, ${count} ` +
          `${count === 1 ? "receipt" : "receipts"}; ${agreementWords(suggestions)}\n` +
          `${suggestionLines(suggestions).join("\n")}\n`,
      );
      const { verdicts } = suggestions;
      for (;;) {
        const numbers = verdicts.length === 1 ? "1" : `1 to ${verdicts.length}`;
        const asked = `${numbers}, s to skip it, q to stop [s]: `;
        const answer = (await terminal.question(asked, { signal: closed.signal })).trim().toLowerCase();
        if (answer === "q") return choices;
        if (answer === "" || answer === "s") break;
        const verdict = /^\d{1,3}$/.test(answer) ? verdicts[Number(answer) - 1] : undefined;
        if (verdict === undefined) continue;
        choices.push({ suspect, verdicts: [verdict] });
        break;
      }
    }
  } catch (error) {
    if (!closed.signal.aborted) throw error;
    stderr.write("\n");
  } finally {
    terminal.close();
  }
  return choices;
}
