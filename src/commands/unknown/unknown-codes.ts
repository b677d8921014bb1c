import { filesOf, justFiles } from "../../codes/map-files.ts";
import { Suggester } from "../../codes/suggest.ts";
import type { Settings } from "../../config/schema.ts";
import { renderProblems } from "../../diagnostics.ts";
import { FileError } from "../../replay/replace-file.ts";
import { type Judging, loadJudging } from "../classify/judging.ts";
import { type Io, UsageError } from "../command.ts";
import { textOf, type Values, valuesOf } from "../history-flags.ts";
import { printProblems } from "../problems.ts";
import { passwordsInSight } from "../replay/request.ts";
import { askFor } from "./ask.ts";
import { countFile } from "./from-file.ts";
import { countHistory } from "./from-history.ts";
import { AskingError, askExporter, askPrometheus } from "./from-server.ts";
import { nextCommands } from "./next-commands.ts";
import { type Counted, occurrencesOf } from "./occurrences.ts";
import type { Choice } from "./patch.ts";
import { oneOfEach, type Suspect, suspectsInWords, suspectsJson, suspectsOf } from "./report.ts";
import { readUnknown, refuseStrayFlags, type UnknownRequest, unknownSettings } from "./request.ts";
import { writePatch } from "./write-patch.ts";

/** A request, and what it needs. */
interface Job extends Judging {
  readonly request: UnknownRequest;
  readonly values: Values;
  readonly isJson: boolean;
}

/**
 * `codes unknown`: lists the codes that the map does not, with their readings in other tables, and writes a patch for
 * the user's own map.
 *
 * @returns the exit code
 * @throws UsageError
 */
export async function unknownCodes(
  values: Values,
  files: readonly string[],
  isJson: boolean,
  io: Io,
): Promise<number> {
  if (files[0] !== undefined) throw new UsageError(`codes unknown takes flags only, not ${files[0]}`);
  refuseStrayFlags(values);
  const judging = await loadJudging(valuesOf(unknownSettings, values), io);
  if (typeof judging === "number") return judging;
  const now = Date.now();
  const job = { ...judging, values, isJson, request: readUnknown(values, judging.settings, now) };
  io.stderr.write(renderProblems(passwordsInSight(values)));
  const { source } = job.request;
  const { target } = job.settings;
  try {
    switch (source.kind) {
      case "file": {
        const counted = await countFile(source.input, job, io);
        return typeof counted === "number" ? counted : await tell(counted, job, io);
      }
      case "exporter":
        return await tell(await askExporter(source.address, target), job, io);
      case "prometheus":
        return await tell(await askPrometheus(source.address, { ...source, now }, target), job, io);
      case "history":
        return await countHistory(source.asked, job, (counted) => tell(counted, job, io), io);
    }
  } catch (error) {
    if (!(error instanceof AskingError)) throw error;
    io.stderr.write(`dlr-exporter: ${error.message}\n`);
    return 1;
  }
}

/** Prints the result, and writes the patch. @returns the exit code */
async function tell(counted: Counted, job: Job, io: Io): Promise<number> {
  const { map, settings, values, isJson } = job;
  const [provider, scope] = ["provider", "scope"].map(textOf(values));
  const utcOffsetMinutes = settings.topics[0]?.shape.utcOffsetMinutes ?? 0;
  const suspects = suspectsOf(occurrencesOf(counted, map, { provider, scope }), new Suggester(map));
  io.stdout.write(
    isJson
      ? suspectsJson(suspects, utcOffsetMinutes)
      : suspectsInWords(suspects, counted.stepMs, utcOffsetMinutes),
  );
  if (job.request.patch === undefined) return 0;
  return patch(job.request.patch, oneOfEach(suspects), job, io);
}

async function patch(path: string, suspects: readonly Suspect[], job: Job, io: Io): Promise<number> {
  const { map, settings, values, isJson, request } = job;
  const suggested = suspects.filter(({ suggestions }) => suggestions.verdicts.length > 0);
  const isAsked = request.accepted === undefined && io.stdin.isTTY === true && io.stderr.isTTY === true;
  const isComment = request.accepted === undefined && !isAsked;
  const choices = isAsked ? await askFor(suggested, io) : chosenOf(suggested, isComment);
  const utcOffsetMinutes = settings.topics[0]?.shape.utcOffsetMinutes ?? 0;
  const say = (text: string) => (isJson ? io.stderr : io.stdout).write(text);
  try {
    const written = await writePatch(path, choices, settings, { map, isComment, utcOffsetMinutes });
    if ("problems" in written) return printProblems(written.problems, io);
    for (const why of written.left) io.stderr.write(`${why}\n`);
    const { length } = written.added;
    const codes = length === 1 ? "1 code" : `${length} codes`;
    if (length === 0) say(`\nNothing was added to ${path}.\n`);
    else if (isComment) {
      say(
        `\n${codes} added to ${path} as comments: uncomment those you want to count, together with their test rows.\n`,
      );
    } else say(`\n${codes} added to ${path}.\n`);
    if (length > 0) {
      const layers = await layersOf(settings);
      say(`\n${nextCommands({ values, settings, patch: path, layers, since: request.since })}`);
    }
    return 0;
  } catch (error) {
    if (!(error instanceof FileError)) throw error;
    io.stderr.write(`dlr-exporter: ${error.message}\n`);
    return 1;
  }
}

/** The layers of the code map, with `*` in paths expanded. */
async function layersOf({ codeMap, codeMaps }: Settings): Promise<readonly string[]> {
  const named = await filesOf(justFiles(codeMap, codeMaps));
  if ("problems" in named) return codeMaps;
  return codeMaps.includes(codeMap) ? named.files : named.files.filter((file) => file !== codeMap);
}

/** Without questions: the verdicts that are agreed on; as comments, every suggestion. */
function chosenOf(suspects: readonly Suspect[], isComment: boolean): Choice[] {
  return suspects.flatMap((suspect) => {
    const { agreement, verdicts } = suspect.suggestions;
    if (agreement === "agreed") return { suspect, verdicts: verdicts.slice(0, 1) };
    return isComment ? { suspect, verdicts } : [];
  });
}
