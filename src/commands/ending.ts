import process from "node:process";

/** Under npm one Ctrl-C arrives twice, from the terminal and from npm. Within so many ms it is the same one. */
export const echoMs = 200;

/** How long the process may outlive its work while the Kafka client still waits for answers, in ms. */
const lingerMs = 200;

/** Ends the process soon, with the exit code that was set, whatever the Kafka client has left open. */
export function leaveSoon(): void {
  setTimeout(() => process.exit(), lingerMs).unref();
}
