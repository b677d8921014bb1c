import type { CodeMap } from "../../codes/code-map.ts";
import type { Io } from "../command.ts";
import { runSearch, type SearchJob } from "../search/run-search.ts";
import { findingsInWords, findingsOf } from "./findings.ts";
import type { SampleRequest } from "./request.ts";
import { Sampling } from "./sampling.ts";

/** What to look for, and where. */
export interface SampleJob extends SampleRequest, Omit<SearchJob, "from"> {
  readonly map: CodeMap;
}

/**
 * Reads the topics until enough is found, and prints the results; see {@link runSearch}.
 *
 * @returns the exit code
 */
export function runSample(job: SampleJob, io: Io): Promise<number> {
  const { settings, wanted, map, isExplained } = job;
  const { topics } = settings;
  return runSearch(
    { ...job, from: wanted.from },
    {
      begin: (stretches) => new Sampling({ wanted, topics, map, isExplained }, stretches),
      render: (sampling) => inOutput(sampling, job),
    },
    io,
  );
}

function inOutput(sampling: Sampling, { output, settings }: SampleJob): string {
  const utcOffsetMinutes = settings.topics[0]?.shape.utcOffsetMinutes ?? 0;
  return output === "json"
    ? `${JSON.stringify(findingsOf(sampling, utcOffsetMinutes))}\n`
    : findingsInWords(sampling, utcOffsetMinutes);
}
