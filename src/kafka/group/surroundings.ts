import type { Failure, FailureCode } from "../failure.ts";
import type { Answer, ClusterView } from "./asks.ts";
import { Backoff } from "./backoff.ts";
import type { Requests } from "./requests.ts";

/** How soon the metadata is asked for again after a failure, in ms. */
const hurryMs = 500;

/** How often the coordinator is looked up again while it lets a join wait, in ms: it may have moved. */
const doubtMs = 3_000;

/** Errors that call for another broker, or for a retry. */
const elsewhere: ReadonlySet<FailureCode> = new Set(["unreachable", "no_answer", "no_coordinator"]);

/** What a member knows about the brokers: topics, leaders, and the coordinator of its group. */
export class Surroundings {
  view: ClusterView | undefined;
  /** The group's coordinator; undefined while it is being looked up. */
  coordinator: number | undefined;
  /** Why the cluster can't be reached now, and why the group can't. */
  #clusterTrouble: Failure | undefined;
  #groupTrouble: Failure | undefined;

  readonly #requests: Requests;
  readonly #intervalMs: number;
  readonly #metadata = new Backoff(100, 2_000);
  readonly #search = new Backoff(100, 1_000);
  #metadataAt = Number.NEGATIVE_INFINITY;
  #askedAt = Number.NEGATIVE_INFINITY;
  #doubtAt = 0;
  /** The last known id of each topic, and its earlier ones. */
  readonly #ids = new Map<string, string>();
  readonly #former = new Set<string>();

  /** @param intervalMs how often the metadata is refreshed while all is well */
  constructor(intervalMs: number, requests: Requests) {
    this.#intervalMs = intervalMs;
    this.#requests = requests;
  }

  /** Why the cluster or the group can't be reached now; undefined after good answers. */
  get trouble(): Failure | undefined {
    return this.#groupTrouble ?? this.#clusterTrouble;
  }

  /** The cluster has changed, or may have: refresh the metadata soon. */
  outdated(): void {
    this.#metadataAt = Math.min(this.#metadataAt, this.#askedAt + hurryMs);
  }

  /** A broker contradicts the metadata of a partition: what was believed about its topic may be out of date. */
  mistaken(): void {
    this.#former.clear();
    this.outdated();
  }

  /** Refreshes the metadata at once. */
  askAnew(): void {
    this.#requests.drop("metadata");
    this.#metadataAt = Number.NEGATIVE_INFINITY;
  }

  /** @param all whether to ask for every topic of the cluster */
  pump(topics: readonly string[], all: boolean, now: number): void {
    const requests = this.#requests;
    if (requests.free("metadata") && requests.due(Math.max(this.#metadataAt, this.#metadata.at))) {
      this.#askedAt = now;
      requests.make("metadata", { kind: "metadata", topics, all });
    }
    if (!requests.free("coordinator")) return;
    const waiting = requests.since("membership");
    const wanted =
      this.coordinator === undefined
        ? requests.due(this.#search.at)
        : waiting !== undefined && requests.due(Math.max(waiting, this.#doubtAt) + doubtMs);
    if (!wanted) return;
    this.#doubtAt = now;
    requests.make("coordinator", { kind: "coordinator" });
  }

  /**
   * @param patienceMs how old the known metadata may be
   * @returns the metadata; undefined when the request failed
   */
  onMetadata(
    answer: Answer<"metadata">,
    patienceMs: (view: ClusterView) => number,
    now: number,
  ): ClusterView | undefined {
    if (answer.failure !== undefined) {
      this.#metadata.failed(now);
      this.#clusterTrouble = answer.failure;
      return undefined;
    }
    this.#clusterTrouble = undefined;
    this.#metadata.worked();
    const view = this.#withoutFormer(answer.result);
    this.view = view;
    this.#metadataAt = now + Math.min(patienceMs(view), this.#intervalMs);
    return view;
  }

  /** @returns whether the coordinator has changed */
  onCoordinator(answer: Answer<"coordinator">, now: number): boolean {
    if (answer.failure !== undefined) {
      // While a join waits, a failed lookup is not worth reporting.
      if (this.coordinator !== undefined) return false;
      this.#search.failed(now);
      this.#groupTrouble = answer.failure;
      return false;
    }
    if (this.#groupTrouble !== undefined && elsewhere.has(this.#groupTrouble.code))
      this.#groupTrouble = undefined;
    const before = this.coordinator;
    this.coordinator = answer.result;
    return before !== undefined && before !== answer.result;
  }

  /** A request to the coordinator failed: notes why, and looks the coordinator up again where that may help. */
  failed(failure: Failure, now: number): void {
    this.#groupTrouble = failure;
    if (!elsewhere.has(failure.code)) return;
    this.coordinator = undefined;
    this.#search.failed(now);
    this.outdated();
  }

  /** The coordinator has accepted this member. */
  worked(): void {
    this.#groupTrouble = undefined;
    this.#search.worked();
  }

  /** A broker with old metadata reports topics that were recreated since: believing it would count them twice. */
  #withoutFormer(view: ClusterView): ClusterView {
    const topics = new Map(view.topics);
    for (const [topic, { id }] of view.topics) {
      const last = this.#ids.get(topic);
      if (id === undefined || id === last) continue;
      if (this.#former.has(id)) {
        const known = this.view?.topics.get(topic);
        if (known === undefined) topics.delete(topic);
        else topics.set(topic, known);
      } else {
        if (last !== undefined) this.#former.add(last);
        this.#ids.set(topic, id);
      }
    }
    return { ...view, topics };
  }
}
