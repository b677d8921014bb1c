import { hostPort } from "../address.ts";
import { brokerFailure, type Failure } from "../failure.ts";
import type { ClusterView, TopicView } from "../group/asks.ts";
import type { Api } from "./api.ts";
import type { Reader } from "./bytes.ts";

/** Which versions of which requests a broker supports. */
export const apiVersions: Api<
  undefined,
  ReadonlyMap<number, { readonly min: number; readonly max: number }>
> = {
  name: "ApiVersions",
  key: 18,
  versions: [
    {
      version: 0,
      flexible: false,
      write: () => undefined,
      read: (reader) => {
        const failure = brokerFailure(reader.int16());
        if (failure !== undefined) throw new RangeError(failure.message);
        return new Map(
          reader.array(() => [reader.int16(), { min: reader.int16(), max: reader.int16() }] as const),
        );
      },
    },
  ],
};

interface TopicPart {
  readonly failure: Failure | undefined;
  readonly name: string;
  readonly id: string | undefined;
  readonly leaders: readonly (readonly [partition: number, leader: number])[];
}

/**
 * The topics with their leaders, and the brokers; undefined asks for all topics that this client may see. Asking for
 * a missing topic never creates it.
 */
export const metadata: Api<readonly string[] | undefined, ClusterView> = {
  name: "Metadata",
  key: 3,
  versions: [
    {
      version: 10,
      flexible: true,
      write: (topics, writer) =>
        (topics === undefined
          ? writer.uvarint(0)
          : writer.compactArray(topics, (topic, to) => to.raw(Buffer.alloc(16)).compactString(topic).noTags())
        )
          .boolean(false)
          .boolean(false)
          .boolean(false)
          .noTags(),
      read: (reader) => {
        reader.int32(); // throttle time
        const brokers = reader.compactArray(() => {
          const broker = [reader.int32(), hostPort(reader.compactString(), reader.int32())] as const;
          reader.compactString(); // rack
          reader.tags();
          return broker;
        });
        const id = reader.compactString();
        reader.int32(); // controller
        const topics = reader.compactArray((): TopicPart => {
          const failure = brokerFailure(reader.int16());
          const name = reader.compactString() ?? "";
          const id = reader.raw(16).toString("hex");
          reader.boolean(); // whether it is internal
          const leaders = reader.compactArray(() => readPartition(reader, true));
          reader.int32(); // allowed operations
          reader.tags();
          return { failure, name, id: /^0*$/.test(id) ? undefined : id, leaders };
        });
        return viewOf(id, brokers, topics);
      },
    },
    {
      version: 5,
      flexible: false,
      write: (topics, writer) =>
        (topics === undefined
          ? writer.int32(-1)
          : writer.array(topics, (topic, to) => to.string(topic))
        ).boolean(false),
      read: (reader) => {
        reader.int32();
        const brokers = reader.array(() => {
          const broker = [reader.int32(), hostPort(reader.string(), reader.int32())] as const;
          reader.string();
          return broker;
        });
        const id = reader.string();
        reader.int32();
        const topics = reader.array((): TopicPart => {
          const failure = brokerFailure(reader.int16());
          const name = reader.string() ?? "";
          reader.boolean();
          return { failure, name, id: undefined, leaders: reader.array(() => readPartition(reader, false)) };
        });
        return viewOf(id, brokers, topics);
      },
    },
  ],
};

function readPartition(reader: Reader, flexible: boolean): readonly [partition: number, leader: number] {
  const code = reader.int16();
  const partition = reader.int32();
  const leader = reader.int32();
  if (flexible) reader.int32(); // leader epoch
  for (let list = 0; list < 3; list++) {
    // replicas, in-sync replicas, offline replicas
    if (flexible) reader.compactArray(() => reader.int32());
    else reader.array(() => reader.int32());
  }
  if (flexible) reader.tags();
  const headless = brokerFailure(code)?.code === "no_leader";
  return [partition, headless ? -1 : leader];
}

function viewOf(
  id: string | null,
  brokers: readonly (readonly [number, string])[],
  topics: readonly TopicPart[],
): ClusterView {
  const known = new Map<string, TopicView>();
  const troubled = new Map<string, Failure>();
  for (const { failure, name, id, leaders } of topics) {
    if (failure === undefined) {
      const list: number[] = Array.from({ length: leaders.length }, () => -1);
      for (const [partition, leader] of leaders) list[partition] = leader;
      known.set(name, { id, leaders: list });
    } else if (failure.code !== "unknown_topic") {
      troubled.set(name, failure);
    }
  }
  return { id: id || undefined, topics: known, troubled, brokers: new Map(brokers) };
}

/** Which broker coordinates a group. */
export const findCoordinator: Api<string, { failure: Failure | undefined; broker: number; address: string }> =
  {
    name: "FindCoordinator",
    key: 10,
    versions: [
      {
        version: 1,
        flexible: false,
        write: (group, writer) => writer.string(group).int8(0),
        read: (reader) => {
          reader.int32();
          const failure = brokerFailure(reader.int16());
          reader.string(); // error message
          const broker = reader.int32();
          return { failure, broker, address: hostPort(reader.string(), reader.int32()) };
        },
      },
    ],
  };
