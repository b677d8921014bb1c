import type { Logger } from "pino";
import type { ClientSettings } from "./client-settings.ts";
import { type Failure, KafkaFailure } from "./failure.ts";
import type { Answer, Ask, AskKind, AskOf, ClusterView, FetchedPartition, Results } from "./group/asks.ts";
import { prepareLogin } from "./login/bearer.ts";
import { partitionKey } from "./partition-id.ts";
import { Turn } from "./turn.ts";
import type { Api } from "./wire/api.ts";
import { findCoordinator, metadata } from "./wire/cluster-apis.ts";
import {
  describeGroup,
  heartbeat,
  joinGroup,
  leaveGroup,
  offsetCommit,
  offsetFetch,
  syncGroup,
} from "./wire/group-apis.ts";
import { BrokerLink } from "./wire/link.ts";
import { fetch, listOffsets, logEnds, type LogOffset, type OffsetsRequest } from "./wire/log-apis.ts";
import { RecordCursor } from "./wire/record-cursor.ts";
import { readRecordSet } from "./wire/record-set.ts";

/** For readers without a group; a broker may be silent for a third of the timeout, in ms. */
export const inNoGroup = { group: "", sessionTimeoutMs: 15_000 } as const;

/** How long a broker may stay silent, in ms, where the session timeout allows it. */
const longestSilenceMs = { request: 5_000, commit: 10_000, fetch: 5_000 } as const;

/** For partitions whose fetch returned no records, as most do. */
const nothing = new RecordCursor([]);

/**
 * What a connection is for. A broker answers the requests of a connection in order, so slow requests and large
 * answers get their own.
 */
type Role = "cluster" | "group" | "commit" | "fetch";

/** Carries out a member's requests to the cluster. */
export class Cluster {
  readonly #client: ClientSettings;
  readonly #group: string;
  readonly #sessionTimeoutMs: number;
  readonly #log: Logger;
  readonly #links = new Map<string, BrokerLink>();
  readonly #addresses = new Map<number, string>();
  /** Addresses for requests that any broker can answer, the last one that answered first. */
  #doors: readonly string[];
  #closed = false;

  /** @throws KafkaFailure when a package that the login needs is missing */
  constructor(
    client: ClientSettings,
    { group, sessionTimeoutMs }: { readonly group: string; readonly sessionTimeoutMs: number },
    log: Logger,
  ) {
    prepareLogin(client.sasl);
    this.#client = client;
    this.#group = group;
    this.#sessionTimeoutMs = sessionTimeoutMs;
    this.#log = log;
    this.#doors = client.brokers;
  }

  /** Carries out a request. Never rejects: a failure is an answer too. */
  async perform(ask: Ask): Promise<Answer> {
    try {
      return { ask, ...(await this.#carryOut(ask)) } as Answer;
    } catch (error) {
      const { message } = error as Error;
      if (error instanceof KafkaFailure) return { ask, failure: { code: error.code, message } } as Answer;
      this.#log.error({ err: error, request: ask.kind }, "a response can't be parsed");
      return { ask, failure: { code: "unreadable_answer", message } } as Answer;
    }
  }

  /**
   * Asks a leader for offsets of its partitions.
   *
   * @throws KafkaFailure when it does not answer
   */
  async offsets(broker: number, request: OffsetsRequest): Promise<readonly LogOffset[]> {
    return this.#link("cluster", broker).request(listOffsets, request, this.#silenceMs);
  }

  close(): void {
    this.#closed = true;
    for (const link of this.#links.values()) link.close();
    this.#links.clear();
  }

  #carryOut(ask: Ask): Promise<Outcome<AskKind>> {
    switch (ask.kind) {
      case "metadata":
        return this.#metadata(ask);
      case "coordinator":
        return this.#coordinator();
      case "join":
        return this.#join(ask);
      case "sync":
        return this.#sync(ask);
      case "heartbeat":
        return this.#toGroup("group", ask, heartbeat, { group: this.#group, ...ask }).then(({ failure }) =>
          outcome<"heartbeat">(failure, undefined),
        );
      case "leave":
        return this.#toGroup("commit", ask, leaveGroup, { group: this.#group, ...ask }).then(({ failure }) =>
          outcome<"leave">(failure, undefined),
        );
      case "owners":
        return this.#owners(ask);
      case "committed":
        return this.#toGroup("commit", ask, offsetFetch, { group: this.#group, ...ask }).then(
          ({ failure, committed }) => outcome<"committed">(failure, committed),
        );
      case "commit":
        return this.#toGroup("commit", ask, offsetCommit, { group: this.#group, ...ask }).then((result) =>
          outcome<"commit">(undefined, result),
        );
      case "range":
        return this.#range(ask);
      case "fetch":
        return this.#fetch(ask);
    }
  }

  async #metadata({ topics, all }: AskOf<"metadata">): Promise<Outcome<"metadata">> {
    const view = all ? await this.#allTopics(topics) : await this.#atAnyDoor(metadata, topics);
    this.#learn(view);
    return { result: view };
  }

  /** All topics, and those asked for by name: that tells which ones this client may not see. */
  async #allTopics(named: readonly string[]): Promise<ClusterView> {
    const view = await this.#atAnyDoor(metadata, undefined);
    const unseen = named.filter((topic) => !view.topics.has(topic) && !view.troubled.has(topic));
    if (unseen.length === 0) return view;
    const { topics, troubled } = await this.#atAnyDoor(metadata, unseen);
    return {
      ...view,
      topics: new Map([...view.topics, ...topics]),
      troubled: new Map([...view.troubled, ...troubled]),
    };
  }

  async #coordinator(): Promise<Outcome<"coordinator">> {
    const { failure, broker, address } = await this.#atAnyDoor(findCoordinator, this.#group);
    if (failure === undefined) this.#addresses.set(broker, address);
    return outcome<"coordinator">(failure, broker);
  }

  async #join(ask: AskOf<"join">): Promise<Outcome<"join">> {
    const request = { group: this.#group, sessionTimeoutMs: this.#sessionTimeoutMs, ...ask };
    const { failure, ...joined } = await this.#link("group", ask.broker).request(
      joinGroup,
      request,
      this.#barrierMs,
    );
    return failure === undefined ? { result: joined } : { failure, memberId: joined.memberId };
  }

  async #sync(ask: AskOf<"sync">): Promise<Outcome<"sync">> {
    const request = { group: this.#group, ...ask };
    const { failure, share } = await this.#link("group", ask.broker).request(
      syncGroup,
      request,
      this.#barrierMs,
    );
    return outcome<"sync">(failure, share);
  }

  async #owners(ask: AskOf<"owners">): Promise<Outcome<"owners">> {
    const { failure, state, owned } = await this.#toGroup("commit", ask, describeGroup, this.#group);
    const all = new Map<string, number[]>();
    for (const share of owned) {
      for (const [topic, partitions] of Object.entries(share))
        all.set(topic, [...(all.get(topic) ?? []), ...partitions]);
    }
    return outcome<"owners">(failure, state === "Stable" ? Object.fromEntries(all) : undefined);
  }

  async #range({ broker, partitions }: AskOf<"range">): Promise<Outcome<"range">> {
    const ask = (at: number) => this.offsets(broker, { partitions, at, decided: false });
    const [lows, highs] = await Promise.all([ask(logEnds.earliest), ask(logEnds.latest)]);
    const ends = new Map(highs.map((high) => [partitionKey(high), high]));
    const result = lows.map(({ topic, partition, failure, offset: low }) => {
      const high = ends.get(partitionKey({ topic, partition }));
      return {
        topic,
        partition,
        failure: failure ?? high?.failure,
        range: { low, high: high?.offset ?? low },
      };
    });
    return { result };
  }

  async #fetch({ broker, partitions, waitMs }: AskOf<"fetch">): Promise<Outcome<"fetch">> {
    const link = this.#link("fetch", broker);
    // The member fetches again only after it has counted the previous records.
    link.giveBack();
    const byId = partitions.every(({ topicId }) => topicId !== undefined);
    const request = { partitions, waitMs };
    const answer = await link.request(
      fetch,
      request,
      longestSilenceMs.fetch,
      (version) => byId || version < 13,
    );
    if (answer.failure !== undefined) return { failure: answer.failure };
    const from = new Map(partitions.map((asked) => [partitionKey(asked), asked.offset]));
    const result: FetchedPartition[] = [];
    // Ends before a heartbeat is due. Records left over are fetched again, and another partition goes first then.
    const turn = new Turn(this.#sessionTimeoutMs / 10);
    for (const { records, aborted, ...part } of answer.partitions) {
      if (records.length === 0) {
        result.push({ ...part, records: nothing, end: undefined });
        continue;
      }
      const set = await readRecordSet(records, from.get(partitionKey(part)) ?? 0, aborted);
      result.push({ ...part, records: new RecordCursor(set.fetched, turn), end: set.end });
    }
    return { result };
  }

  /** Timeout of a join or a sync, in ms: until every live member has joined, plus some slack. */
  get #barrierMs(): number {
    return this.#sessionTimeoutMs + longestSilenceMs.request;
  }

  /** No request waits so long that the session could expire. */
  get #silenceMs(): number {
    return Math.max(1_000, Math.min(longestSilenceMs.request, this.#sessionTimeoutMs / 3));
  }

  #toGroup<Request, Response>(
    role: Role,
    { broker, kind }: { readonly broker: number; readonly kind: AskKind },
    api: Api<Request, Response>,
    request: Request,
  ): Promise<Response> {
    const commitMs = Math.max(1_000, Math.min(longestSilenceMs.commit, this.#sessionTimeoutMs / 2));
    return this.#link(role, broker).request(api, request, kind === "commit" ? commitMs : this.#silenceMs);
  }

  /** Tries one broker after the other until one answers. */
  async #atAnyDoor<Request, Response>(api: Api<Request, Response>, request: Request): Promise<Response> {
    let last = new KafkaFailure("unreachable", "no broker has been found yet");
    for (const address of [...this.#doors]) {
      if (this.#closed) break;
      try {
        const response = await this.#linkTo("cluster", address).request(api, request, this.#silenceMs);
        this.#doors = [address, ...this.#doors.filter((door) => door !== address)];
        return response;
      } catch (error) {
        if (!(error instanceof KafkaFailure)) throw error;
        last = error;
        this.#doors = [...this.#doors.filter((door) => door !== address), address];
      }
    }
    throw last;
  }

  /** Updates the brokers' addresses. The bootstrap addresses are kept in case all brokers move. */
  #learn({ brokers }: ClusterView): void {
    for (const [broker, address] of brokers) this.#addresses.set(broker, address);
    const known = new Set([...brokers.values(), ...this.#client.brokers]);
    const ordered = this.#doors.filter((door) => known.has(door));
    this.#doors = [...ordered, ...[...known].filter((door) => !ordered.includes(door))];
    const used = new Set([...this.#addresses.values(), ...this.#client.brokers]);
    for (const [name, link] of this.#links) {
      if (used.has(name.slice(name.indexOf(" ") + 1))) continue;
      link.close();
      this.#links.delete(name);
    }
  }

  #link(role: Role, broker: number): BrokerLink {
    const address = this.#addresses.get(broker);
    if (address === undefined) throw new KafkaFailure("unreachable", `broker ${broker} is unknown`);
    return this.#linkTo(role, address);
  }

  #linkTo(role: Role, address: string): BrokerLink {
    if (this.#closed) throw new KafkaFailure("unreachable", "the connection was closed");
    const name = `${role} ${address}`;
    const link = this.#links.get(name) ?? new BrokerLink(address, this.#client, this.#log);
    this.#links.set(name, link);
    return link;
  }
}

type Outcome<K extends AskKind> =
  | { readonly result: Results[K] }
  | { readonly failure: Failure; readonly memberId?: string };

function outcome<K extends AskKind>(failure: Failure | undefined, result: Results[K]): Outcome<K> {
  return failure === undefined ? { result } : { failure };
}
