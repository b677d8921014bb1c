import { CodeMap } from "../../codes/code-map.ts";
import { targetFlags } from "../../config/fields.ts";
import { loadSettings } from "../../config/load.ts";
import { renderProblems } from "../../diagnostics.ts";
import { joinParts, type ReplayPart } from "../../replay/join.ts";
import { readState, StateFileError } from "../../replay/state-file.ts";
import { type Io, UsageError } from "../command.ts";
import type { Values } from "../history-flags.ts";
import { printProblems } from "../problems.ts";
import { carryOut } from "./carry-out.ts";
import { passwordsInSight, readDestination } from "./request.ts";

/** The flags of `replay` for sinks; all else is in the states. */
const ownFlags = ["report", "openmetrics", "remote-write", "victoria", "as", "job", "instance", "timeout"];

/** Those that belong to settings. */
const settings = ["config", ...targetFlags.map(({ name }) => name)];

/**
 * `replay merge`: combines the states of several replays, each of other partitions, into one result.
 *
 * @param values the flags; only those for sinks and their settings are used
 * @param files the states
 * @returns the exit code
 * @throws UsageError
 */
export async function runMerge(
  values: Values,
  quiet: boolean,
  files: readonly string[],
  io: Io,
): Promise<number> {
  const stranger = Object.keys(values).find((name) => ![...ownFlags, ...settings].includes(name));
  if (stranger !== undefined)
    throw new UsageError(
      `replay merge does not take --${stranger}: the states already say what was replayed`,
    );
  if (files.length === 0) throw new UsageError("replay merge needs the state files written with --resume");
  const fail = (sentence: string): 1 => {
    io.stderr.write(`dlr-exporter: ${sentence}\n`);
    return 1;
  };
  const joined = await join(files).catch((error: unknown) => {
    if (error instanceof StateFileError) return error.message;
    throw error;
  });
  if (typeof joined === "string") return fail(joined);
  const { topics, unknownCodes, dimensionValues, map, compared } = joined.subject;
  const given = Object.fromEntries(Object.entries(values).filter(([name]) => settings.includes(name)));
  const loaded = loadSettings({ flags: { ...given, topic: topics.map(({ topic }) => topic) }, env: io.env });
  if ("problems" in loaded) return printProblems(loaded.problems, io);
  const { target } = loaded.settings;
  const destination = readDestination(values, target, compared);
  io.stderr.write(renderProblems(passwordsInSight(values)));
  const delivery = {
    ...destination,
    ...{ settings: { topics: [...topics], unknownCodes, dimensionValues }, targetNow: () => target },
    ...{ compared, quiet },
    map: new CodeMap(map),
  };
  const source = {
    resume: undefined,
    obtain: async () => ({ ...joined, complete: true }),
    // The states are kept: they may be merged again for another report.
    delivered: async () => {},
  };
  return carryOut(delivery, source, io);
}

/** @throws StateFileError */
async function join(files: readonly string[]) {
  const parts = await Promise.all(
    files.map(async (file): Promise<ReplayPart> => {
      const state = await readState(file);
      if (state === undefined) throw new StateFileError(`${file} does not exist`);
      return { file, state };
    }),
  );
  const [first, ...others] = parts;
  if (first === undefined) throw new Error("there is a file at least");
  return joinParts([first, ...others]);
}
