import type { Answer, AskKind } from "../../../src/kafka/group/asks.ts";

/** An exporter as the network sees it. */
export interface Client {
  /** It reaches this broker not before, in ms. */
  cutOffUntil(broker: number): number;
  take(answer: Answer): void;
  readonly links: Map<string, Link>;
}

/** One connection. Its requests arrive in the order in which they were sent. */
export interface Link {
  lastArrival: number;
  /** What waits until the request before it is answered. */
  readonly queue: (() => void)[];
  busy: boolean;
}

/** How long a broker may say nothing, in ms; as in `src/kafka/cluster.ts`. */
export function silences(sessionMs: number): {
  readonly [role in "request" | "commit" | "barrier" | "fetch"]: number;
} {
  return {
    request: Math.max(1_000, Math.min(5_000, sessionMs / 3)),
    commit: Math.max(1_000, Math.min(10_000, sessionMs / 2)),
    barrier: sessionMs + 5_000,
    fetch: 5_000,
  };
}

/** Which connection a request takes; as in `src/kafka/cluster.ts`. */
export const roles: Readonly<Record<AskKind, "cluster" | "group" | "commit" | "fetch">> = {
  metadata: "cluster",
  coordinator: "cluster",
  range: "cluster",
  join: "group",
  sync: "group",
  heartbeat: "group",
  leave: "commit",
  owners: "commit",
  committed: "commit",
  commit: "commit",
  fetch: "fetch",
};

/** The connection of a name, made when there is none. */
export function linkOf(links: Map<string, Link>, name: string): Link {
  let link = links.get(name);
  if (link === undefined) {
    link = { lastArrival: 0, queue: [], busy: false };
    links.set(name, link);
  }
  return link;
}
