import { setImmediate as nextTurn } from "node:timers/promises";
import type { Logger } from "pino";
import { LiveMap } from "../../codes/live-map.ts";
import { Suggester } from "../../codes/suggest.ts";
import type { Configuration } from "../../config/configuration.ts";
import type { Settings, TopicSettings } from "../../config/schema.ts";
import { topicMatcher } from "../../config/topic-pattern.ts";
import { type Listening, serve } from "../../http/server.ts";
import type { Status } from "../../http/status.ts";
import { LiveConsumer } from "../../kafka/consumer.ts";
import type { Readiness } from "../../kafka/group/readiness.ts";
import type { TopicPlan } from "../../kafka/group/topic-plan.ts";
import { Counts } from "../../ledger/counts.ts";
import { Delays } from "../../ledger/delays.ts";
import { Recent } from "../../ledger/recent.ts";
import { Exposition } from "../../metrics/exposition.ts";
import { createDecoder } from "../../receipts/decode.ts";
import { countsOptionsOf, topicBudgets } from "../topic-counts.ts";
import { shutDown } from "./shutdown.ts";
import { type StatusSource, statusOf } from "./status.ts";

/** Map problems in one log line; `check` shows the rest. */
const loggedProblems = 20;

/** The running exporter: consumes, counts, commits and serves until it is stopped or can't continue. */
export class ExporterService {
  readonly #settings: Settings;
  readonly #log: Logger;
  readonly #version: string;
  readonly #maps: LiveMap;
  readonly #delays = new Delays();
  readonly #recent = new Recent();
  readonly #startedAt = Date.now();
  readonly #configFile: string | undefined;
  readonly #consumer: LiveConsumer;
  /** The topics given by name, and those that matched a pattern. */
  readonly #topics = new Map<string, TopicSettings>();
  /** The suggestions of the map that was in use at the last request. */
  #suggests: Pick<StatusSource, "map" | "suggester"> | undefined;
  #shortage: string | undefined;

  /** @param configuration with the code map as just loaded */
  constructor({ settings, file, map, objectionsTo }: Configuration, version: string, log: Logger) {
    this.#settings = settings;
    this.#configFile = file;
    this.#log = log;
    this.#version = version;
    this.#maps = new LiveMap(map.sources, map.map, objectionsTo);
    const plans = [
      ...settings.topics.map((topic) => this.#plan(topic)),
      ...settings.patterns.map(({ pattern, ...read }) => ({
        pattern,
        matches: topicMatcher(pattern),
        planOf: (topic: string) => this.#plan({ topic, ...read }),
      })),
    ];
    this.#consumer = new LiveConsumer(settings, settings, plans, log);
    this.#reckon();
  }

  /**
   * Serves and consumes until `stop` is aborted.
   *
   * @returns the exit code: 0 after a shutdown that committed everything, 1 when it could not, or was aborted
   * @throws when it can't listen on the address, or consuming can't continue
   */
  async run(stop: AbortSignal): Promise<number> {
    const server = await this.#serve();
    const stopped = new Promise<void>((resolve) => {
      if (stop.aborted) resolve();
      else stop.addEventListener("abort", () => resolve(), { once: true });
    });
    const consuming = this.#consumer.run();
    try {
      await Promise.race([stopped, consuming]);
    } catch (error) {
      await this.#shutDown(server);
      throw error;
    }
    this.#log.info("shutting down");
    return (await this.#shutDown(server)) ? 0 : 1;
  }

  /** Reloads the code map; if there is any problem, the current one stays. */
  async reload(): ReturnType<LiveMap["reload"]> {
    const reload = await this.#maps.reload();
    if (!reload.ok) {
      const problems = reload.problems.slice(0, loggedProblems);
      this.#log.error(
        {
          problems: problems.map(({ excerpt, length, ...problem }) => problem),
          more: reload.problems.length - problems.length,
        },
        "the code map was not reloaded; the previous one stays in use",
      );
    } else if (reload.changed) {
      for (const { counts } of [...this.#consumer.ledgers]) {
        counts.adopt(this.#maps.current);
        // Adding the zeros of a large map takes time in each ledger; let fetches and heartbeats run in between.
        await nextTurn();
      }
      this.#reckon();
      this.#log.info({ hash: this.#maps.current.hash }, "code map reloaded");
    } else {
      this.#log.info("the code map has not changed");
    }
    return reload;
  }

  #plan(topic: TopicSettings): TopicPlan {
    this.#topics.set(topic.topic, topic);
    return {
      topic: topic.topic,
      decode: createDecoder(topic.shape, topic.topic),
      openCounts: () =>
        new Counts({
          ...countsOptionsOf(topic, this.#settings, this.#maps.current),
          delays: this.#delays,
          whenKept: (...kept) => this.#recent.note(topic.topic, ...kept),
        }),
    };
  }

  /** Checks whether every topic's counts can be committed at all, and logs if not. */
  #reckon(): void {
    const budgets = topicBudgets(this.#settings, this.#maps.current);
    const shortages = budgets.flatMap(({ shortage }) => shortage ?? []);
    for (const shortage of shortages) this.#log.error(shortage);
    this.#shortage = shortages[0];
  }

  /** The consumer's readiness, unless a topic's counts can't be committed. */
  #readiness(): Readiness {
    const { obstacle, remarks } = this.#consumer.readiness();
    return { obstacle: this.#shortage ?? obstacle, remarks };
  }

  #status(): Status {
    const topics = this.#consumer.topics.flatMap(({ topic }) => this.#topics.get(topic) ?? []);
    const map = this.#maps.current;
    if (this.#suggests?.map !== map) this.#suggests = { map, suggester: new Suggester(map) };
    return statusOf({
      version: this.#version,
      settings: { ...this.#settings, topics },
      configFile: this.#configFile,
      consumer: this.#consumer,
      readiness: this.#readiness(),
      ...this.#suggests,
      lastReload: this.#maps.lastReload,
      recent: this.#recent,
      startedAt: this.#startedAt,
      now: Date.now(),
    });
  }

  #serve(): Promise<Listening> {
    const consumer = this.#consumer;
    const { checkpointer } = consumer;
    const exposition = new Exposition({
      version: this.#version,
      partitions: () => consumer.partitions,
      topics: () => consumer.topics,
      delays: () => this.#delays.all(),
      codeMap: () => this.#maps.current,
      providers: () =>
        [...this.#settings.topics, ...this.#settings.patterns].map(({ provider }) => provider ?? "aliyun"),
      lastReload: () => this.#maps.lastReload,
      commits: () => ({ accepted: checkpointer.commits, failures: checkpointer.failures }),
      rebalances: () => consumer.rebalances,
      ready: () => this.#readiness().obstacle === undefined,
    });
    const site = {
      scrape: () => exposition.scrape(),
      readiness: () => this.#readiness(),
      reload: () => this.reload(),
      status: () => this.#status(),
    };
    return serve(site, this.#settings.host, this.#settings.port, this.#log);
  }

  #shutDown(server: Listening): Promise<boolean> {
    return shutDown({ consumer: this.#consumer, server }, this.#log);
  }
}
