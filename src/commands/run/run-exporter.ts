import process from "node:process";
import type { Configuration } from "../../config/configuration.ts";
import { createLogger } from "../../log.ts";
import type { Io } from "../command.ts";
import { listenForStop } from "../ending.ts";
import { logWarnings } from "../problems.ts";
import { version } from "../version.ts";
import { ExporterService } from "./exporter-service.ts";

/**
 * Runs the exporter until SIGTERM or SIGINT: commits the counts, leaves the group, closes. A second signal exits at
 * once. SIGHUP reloads the code map.
 *
 * @returns 0 after an orderly shutdown; 1 when consuming could not continue, the last counts could not be committed,
 *   or the shutdown was aborted
 */
export async function run(configuration: Configuration, io: Io): Promise<number> {
  const log = createLogger(configuration.settings.logLevel, io.stderr, io.stderr.isTTY === true);
  logWarnings(configuration.warnings, log);
  const stop = new AbortController();
  const leaveSoon = listenForStop({
    first(signal) {
      log.info({ signal }, "stopping");
      stop.abort();
    },
    again(signal) {
      log.warn({ signal }, "second signal: exiting at once");
      return 1;
    },
  });
  try {
    const service = new ExporterService(configuration, version, log);
    // Kept to the end: without a listener SIGHUP would kill a process that is shutting down.
    process.on("SIGHUP", () => void service.reload());
    return await service.run(stop.signal);
  } catch (error) {
    log.fatal({ err: error }, "consuming stopped");
    return 1;
  } finally {
    leaveSoon();
  }
}
