import { writeSync } from "node:fs";
import { Socket } from "node:net";
import process from "node:process";
import { Writable } from "node:stream";
import { writeReason } from "../replay/replace-file.ts";
import type { Results } from "./command.ts";

type Done = (error?: Error | null) => void;

/**
 * Standard output whose writes never fail, since it is only one of a result's sinks: once its reader is gone or its
 * disk is full, the rest is dropped and the work goes on. Whether that happened is checked at the end.
 */
export class StandardOutput extends Writable implements Results {
  readonly isTTY = process.stdout.isTTY === true;
  /** Whether it is a pipe, a socket or a terminal, rather than a file or a device. */
  readonly #streams: boolean = process.stdout instanceof Socket;
  readonly #lost = new AbortController();
  #failure: string | undefined;

  constructor() {
    super({ decodeStrings: true });
    // Each write handles its own error; an unhandled one of the stream would end the process.
    process.stdout.on("error", () => {});
  }

  /** Why not everything could be written; undefined when it was, or when the reader closed it early. */
  get failure(): string | undefined {
    return this.#failure;
  }

  get lost(): AbortSignal {
    return this.#lost.signal;
  }

  async flushed(): Promise<boolean> {
    await new Promise<void>((resolve) => this.write("", () => resolve()));
    return !this.#lost.signal.aborted;
  }

  override _write(chunk: Buffer, _encoding: string, done: Done): void {
    if (chunk.length === 0 || this.#lost.signal.aborted) {
      done();
      return;
    }
    const taken: Done = (error) => {
      if (error) this.#lose(error);
      done();
    };
    if (this.#streams) process.stdout.write(chunk, taken);
    else writeWhole(process.stdout.fd, chunk, taken);
  }

  /**
   * A reader that closes the pipe early (`
   * head`) is not a failure.
   */
  #lose(error: NodeJS.ErrnoException): void {
    if (error.code !== "EPIPE" && error.code !== "ECONNRESET") this.#failure = writeReason(error);
    this.#lost.abort();
  }
}

/** Node.js calls write once for a file, and does not report a partial write to a nearly full disk. */
function writeWhole(fd: number, chunk: Buffer, done: Done): void {
  try {
    for (let at = 0; at < chunk.length;) at += writeSync(fd, chunk, at);
  } catch (error) {
    done(error as Error);
    return;
  }
  done();
}
