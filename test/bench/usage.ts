import { readFileSync, writeFileSync } from "node:fs";
import { isMainThread } from "node:worker_threads";

/** What a process has used in its whole life. */
export interface Usage {
  /** User and system time of all its threads, in µs. */
  readonly cpuUs: number;
  readonly peakRssMib: number;
}

/** The variable that names the file to which a process that has loaded this module writes its {@link Usage}. */
export const usageVariable = "DLR_BENCH_USAGE";

/** The most that was resident, in KiB. What getrusage says may be the parent's, so Linux is asked elsewhere. */
function peakRss(): number {
  if (process.platform !== "linux") return process.resourceUsage().maxRSS;
  const [, peak] = /^VmHWM:\s+(\d+) kB$/m.exec(readFileSync("/proc/self/status", "utf8")) ?? [];
  return Number(peak);
}

const file = process.env[usageVariable];
if (file !== undefined && isMainThread) {
  process.once("exit", () => {
    const { userCPUTime, systemCPUTime } = process.resourceUsage();
    const usage: Usage = { cpuUs: userCPUTime + systemCPUTime, peakRssMib: peakRss() / 1024 };
    writeFileSync(file, JSON.stringify(usage));
  });
}
