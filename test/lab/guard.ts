import { spawn } from "node:child_process";

/** Something that will be cleaned up should our process die; see {@link guard}. */
export interface Guard {
  /** There is nothing left to clean up. */
  dismiss(): void;
}

/**
 * Has a shell wait for the end of our process, and then clean up. However we end, by SIGKILL too, the pipe that
 * the shell reads from is closed.
 *
 * @param script what to do, in sh
 * @param parameters `$1`, `$2` … of the script
 */
export function guard(script: string, ...parameters: string[]): Guard {
  const waiting = `read -r word; [ "$word" = dismissed ] || { ${script}; }`;
  const shell = spawn("sh", ["-c", waiting, "sh", ...parameters], {
    // its own process group: the signals that end us must not reach it
    detached: true,
    stdio: ["pipe", "ignore", "ignore"],
  });
  shell.unref();
  return { dismiss: () => void shell.stdin.end("dismissed\n") };
}
