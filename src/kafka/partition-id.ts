/** A partition by name. */
export interface PartitionId {
  readonly topic: string;
  readonly partition: number;
}

/** @returns the name by which maps hold a partition: `topic/partition` */
export function partitionKey({ topic, partition }: PartitionId): string {
  return `${topic}/${partition}`;
}
