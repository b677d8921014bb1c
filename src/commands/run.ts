import process from "node:process";
import { loadCodeMap } from "../codes/load.ts";
import type { Settings } from "../config/schema.ts";
import { createLogger } from "../log.ts";
import type { Io } from "./command.ts";
import { echoMs, leaveSoon } from "./ending.ts";
import { printProblems } from "./problems.ts";
import { ExporterService } from "./run-service.ts";
import { version } from "./version.ts";

/**
 * Runs the exporter until SIGTERM or SIGINT: commits what was counted, leaves the group, closes. A second
 * signal exits at once. SIGHUP reads the code map again.
 *
 * @returns 0 after an orderly end, 1 when consuming could not go on or the end was cut short, 2 for a bad map
 */
export async function run(settings: Settings, io: Io): Promise<number> {
  const loaded = await loadCodeMap(settings.codeMap);
  if ("problems" in loaded) return printProblems(loaded.problems, io);

  const log = createLogger(settings.logLevel, io.stderr, io.stderr.isTTY === true);
  const stop = new AbortController();
  let stoppedAt = Number.POSITIVE_INFINITY;
  const end = (signal: NodeJS.Signals) => {
    if (!stop.signal.aborted) {
      stoppedAt = Date.now();
      log.info({ signal }, "stopping");
      stop.abort();
    } else if (Date.now() - stoppedAt > echoMs) {
      log.warn({ signal }, "second signal: exiting at once");
      process.exit(1);
    }
  };
  const service = new ExporterService(settings, loaded.map, version, log);
  const reload = () => void service.reload();
  process.on("SIGTERM", end).on("SIGINT", end).on("SIGHUP", reload);
  try {
    return await service.run(stop.signal);
  } catch (error) {
    log.fatal({ err: error }, "consuming can't go on");
    return 1;
  } finally {
    process.off("SIGTERM", end).off("SIGINT", end).off("SIGHUP", reload);
    leaveSoon();
  }
}
