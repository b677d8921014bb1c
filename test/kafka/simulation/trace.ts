import type { Logger } from "pino";
import type { Ask, MemberEvent } from "../../../src/kafka/group/asks.ts";
import type { Phase } from "../../../src/kafka/group/phase.ts";
import type { Timeline } from "./timeline.ts";

/** Writes down what happens, for whoever replays a schedule. */
export class Trace {
  readonly lines: string[] = [];
  readonly #timeline: Timeline;

  constructor(timeline: Timeline) {
    this.#timeline = timeline;
  }

  note(line: string): void {
    this.lines.push(`${(this.#timeline.now / 1000).toFixed(3).padStart(8)} ${line}`);
  }

  step(name: string, event: MemberEvent, asks: readonly Ask[], before: Phase, after: Phase): void {
    const moved = before === after ? "" : ` [${before.name} → ${after.name}]`;
    const asked = asks.length === 0 ? "" : ` asks ${asks.map(askInWords).join("; ")}`;
    if (event.kind !== "tick" || moved !== "" || asked !== "")
      this.note(`${name} ${eventInWords(event)}${moved}${asked}`);
  }

  /** A logger whose lines come between what happens. */
  logger(name: string): Logger {
    const line = (first: unknown, second?: unknown) => {
      const fields = typeof first === "string" ? "" : ` ${JSON.stringify(first)}`;
      this.note(`${name}   "${second ?? first}"${fields}`);
    };
    return { debug: line, info: line, warn: line, error: line } as unknown as Logger;
  }
}

function eventInWords(event: MemberEvent): string {
  if (event.kind !== "answer") return event.kind;
  const { answer } = event;
  return `← ${answer.ask.kind} ${answer.failure === undefined ? resultInWords(answer.result) : answer.failure.code}`;
}

function askInWords(ask: Ask): string {
  const { kind, ...rest } = ask;
  return `${kind} ${short(rest)}`;
}

function resultInWords(result: unknown): string {
  return result === undefined ? "ok" : short(result);
}

function short(value: unknown): string {
  return JSON.stringify(value, (key, inner) => {
    if (key === "records") return undefined;
    if (key === "metadata" && typeof inner === "string") return `${inner.length} characters`;
    return inner instanceof Map ? Object.fromEntries(inner) : inner;
  });
}
