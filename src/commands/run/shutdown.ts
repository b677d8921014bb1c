import type { Logger } from "pino";

/** The deadline of a shutdown, in ms: less than the 10 s that Docker allows. */
const deadlineMs = 9_000;

/** What is closed when a running exporter ends. */
export interface Running {
  readonly consumer: {
    /** Commits, and leaves the group. Returns why the last counts could not be committed; undefined when all were. */
    stop(): Promise<{ readonly uncommitted: string | undefined }>;
  };
  readonly server: { close(): Promise<void> };
}

/**
 * Commits the counts, leaves the group, and closes the HTTP server, which serves the last counts until then. Logs
 * what could not be done.
 *
 * @param deadline after which it gives up, in ms
 * @returns whether everything was done
 */
export async function shutDown(
  { consumer, server }: Running,
  log: Logger,
  deadline: number = deadlineMs,
): Promise<boolean> {
  let unfinished =
    "it had not finished committing and leaving the group; uncommitted receipts will be counted again after the restart";
  const work = async () => {
    const { uncommitted } = await consumer.stop();
    unfinished = `the HTTP server was still open${uncommitted === undefined ? "; everything is committed" : ""}`;
    if (uncommitted !== undefined) {
      log.error(
        `the last counts were not committed: ${uncommitted}; they will be counted again after the restart`,
      );
    }
    await server.close();
    return uncommitted === undefined;
  };
  let timer: NodeJS.Timeout | undefined;
  const late = new Promise<"late">((resolve) => {
    timer = setTimeout(() => resolve("late"), deadline);
  });
  const done = await Promise.race([work(), late]).finally(() => clearTimeout(timer));
  if (done !== "late") return done;
  log.error(`shutdown aborted after ${deadline / 1000} s: ${unfinished}`);
  return false;
}
