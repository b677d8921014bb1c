import { readFileSync } from "node:fs";

/** What a process has used in its whole life. */
export interface Usage {
  /** User and system time of all its threads, in µs. */
  readonly cpuUs: number;
  readonly peakRssMib: number;
  /** What is resident at its end. */
  readonly endRssMib: number;
}

/**
 * A module that a process loads first, and that writes its {@link Usage} to a file when it ends. It is JavaScript: to
 * strip types, in every thread, would cost a part of what is measured.
 *
 * What was resident is asked of Linux itself, where that can be: what getrusage says may be the parent's.
 */
export function usageProbe(file: string): string {
  return `import { readFileSync, writeFileSync } from "node:fs";
import { isMainThread } from "node:worker_threads";

function residentKib() {
  if (process.platform !== "linux")
    return { peak: process.resourceUsage().maxRSS, end: process.memoryUsage.rss() / 1024 };
  const status = readFileSync("/proc/self/status", "utf8");
  const kib = (name) => Number(new RegExp(\`^\${name}:\\\\s+(\\\\d+) kB$\`, "m").exec(status)?.[1]);
  return { peak: kib("VmHWM"), end: kib("VmRSS") };
}

if (isMainThread) {
  process.once("exit", () => {
    const { userCPUTime, systemCPUTime } = process.resourceUsage();
    const { peak, end } = residentKib();
    const usage = { cpuUs: userCPUTime + systemCPUTime, peakRssMib: peak / 1024, endRssMib: end / 1024 };
    writeFileSync(${JSON.stringify(file)}, JSON.stringify(usage));
  });
}
`;
}

/**
 * The CPU that another process has used so far, in s, of ticks of 10 ms; NaN where the system is not Linux, which alone
 * tells it.
 */
export function cpuSoFar(pid: number): number {
  if (process.platform !== "linux") return Number.NaN;
  const fields = readFileSync(`/proc/${pid}/stat`, "utf8")
    .replace(/^.*\) /s, "")
    .split(" ");
  return (Number(fields[11]) + Number(fields[12])) / 100;
}
