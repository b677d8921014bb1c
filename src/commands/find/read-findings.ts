import type { CodeMap } from "../../codes/code-map.ts";
import type { Io } from "../command.ts";
import { runSearch, type SearchJob } from "../search/run-search.ts";
import { Finding } from "./finding.ts";
import { findingsAsLines, findingsInWords } from "./findings.ts";
import type { FindRequest } from "./request.ts";

/** What to look for, and where. */
export interface FindJob extends FindRequest, Omit<SearchJob, "from"> {
  readonly map: CodeMap;
  /** The flags that make another command load the same map. */
  readonly mapFlags: readonly string[];
}

/**
 * Reads the topics until enough is found, and prints the matches; see {@link runSearch}.
 *
 * @returns the exit code
 */
export function runFind(job: FindJob, io: Io): Promise<number> {
  const { settings, wanted, map, isShown, isExplained, output, mapFlags } = job;
  const { topics } = settings;
  const utcOffsetMinutes = topics[0]?.shape.utcOffsetMinutes ?? 0;
  return runSearch(
    { ...job, from: wanted.from },
    {
      begin: (stretches) => new Finding({ wanted, topics, map, isShown, isExplained }, stretches),
      render: (finding) =>
        output === "json"
          ? findingsAsLines(finding, utcOffsetMinutes)
          : findingsInWords(finding, utcOffsetMinutes, mapFlags),
    },
    io,
  );
}
