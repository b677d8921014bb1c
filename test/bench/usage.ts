/** What a process has used in its whole life. */
export interface Usage {
  /** User and system time of all its threads, in µs. */
  readonly cpuUs: number;
  readonly peakRssMib: number;
}

/**
 * A module that a process loads first, and that writes its {@link Usage} to a file when it ends. It is JavaScript: to
 * strip types, in every thread, would cost a part of what is measured.
 *
 * The most that was resident is asked of Linux itself, where that can be: what getrusage says may be the parent's.
 */
export function usageProbe(file: string): string {
  return `import { readFileSync, writeFileSync } from "node:fs";
import { isMainThread } from "node:worker_threads";

function peakRssKib() {
  if (process.platform !== "linux") return process.resourceUsage().maxRSS;
  return Number(/^VmHWM:\\s+(\\d+) kB$/m.exec(readFileSync("/proc/self/status", "utf8"))?.[1]);
}

if (isMainThread) {
  process.once("exit", () => {
    const { userCPUTime, systemCPUTime } = process.resourceUsage();
    const usage = { cpuUs: userCPUTime + systemCPUTime, peakRssMib: peakRssKib() / 1024 };
    writeFileSync(${JSON.stringify(file)}, JSON.stringify(usage));
  });
}
`;
}
