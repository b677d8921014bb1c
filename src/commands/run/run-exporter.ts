import process from "node:process";
import type { Configuration } from "../../config/configuration.ts";
import { createLogger } from "../../log.ts";
import type { Io } from "../command.ts";
import { listenForStop } from "../ending.ts";
import { logWarnings } from "../problems.ts";
import { version } from "../version.ts";
import { ExporterService } from "./exporter-service.ts";

/**
 * Runs the exporter until SIGTERM or SIGINT: commits what was counted, leaves the group, closes. A second
 * signal exits at once. SIGHUP reads the code map again.
 *
 * @returns 0 after an orderly end; 1 when consuming could not go on, the last counts could not be committed, or the end
 *   was cut short
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
    // To the very end, for without a listener it would kill a process that is about to end in order.
    process.on("SIGHUP", () => void service.reload());
    return await service.run(stop.signal);
  } catch (error) {
    log.fatal({ err: error }, "consuming stopped");
    return 1;
  } finally {
    leaveSoon();
  }
}
