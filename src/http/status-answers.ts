import type { IncomingHttpHeaders, IncomingMessage } from "node:http";
import { languageOf } from "./page/language.ts";
import { renderPage } from "./page/page.ts";
import { contentSecurityPolicy } from "./page/style.ts";
import type { Status } from "./status.ts";

/** The parts of an answer that differ between routes. */
export interface StatusAnswer {
  readonly body: string;
  readonly type: string;
  readonly headers: readonly (readonly [name: string, value: string])[];
}

/** A status is never cached, and no other site may embed it or follow from it. */
const commonHeaders = [
  ["cache-control", "no-store"],
  ["content-security-policy", contentSecurityPolicy],
  ["cross-origin-resource-policy", "same-origin"],
  ["referrer-policy", "no-referrer"],
  ["x-frame-options", "DENY"],
] as const;

/** A host as in a URL: a name, IPv4 or IPv6 address, and an optional port. */
const plainHost = /^(?:[\w.-]{1,253}|\[[\da-f:.]{2,45}\])(?::\d{1,5})?$/i;

/** The exporter's status, for people and programs. */
export class StatusAnswers {
  readonly #take: () => Status;
  readonly #sharedMs: number;
  #shared: { readonly status: Status; readonly at: number } | undefined;

  /** @param sharedMs how long one status is reused, in ms: making one walks all counters */
  constructor(take: () => Status, sharedMs: number) {
    this.#take = take;
    this.#sharedMs = sharedMs;
  }

  /** The page, in the language of `?lang=`, or else of the client's Accept-Language. */
  page({ url = "/", headers }: IncomingMessage): StatusAnswer {
    const asked = new URLSearchParams(url.split("?").slice(1).join("?")).get("lang");
    const language = languageOf(headers["accept-language"], asked);
    return {
      body: renderPage(this.#status(), language, addressOf(headers)),
      type: "text/html; charset=utf-8",
      headers: [...commonHeaders, ["vary", "Accept-Language"]],
    };
  }

  json(): StatusAnswer {
    return {
      body: `${JSON.stringify(this.#status(), undefined, 2)}\n`,
      type: "application/json; charset=utf-8",
      headers: commonHeaders,
    };
  }

  #status(): Status {
    const now = performance.now();
    if (this.#shared === undefined || now - this.#shared.at >= this.#sharedMs) {
      this.#shared = { status: this.#take(), at: now };
    }
    return this.#shared.status;
  }
}

/** The address by which the client reached us, for commands to copy; a placeholder if it is invalid. */
function addressOf({ host = "" }: IncomingHttpHeaders): string {
  return `http://${plainHost.test(host) ? host : "localhost:9464"}`;
}
