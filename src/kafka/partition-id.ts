/** Topic and partition number. */
export interface PartitionId {
  readonly topic: string;
  readonly partition: number;
}

/** @returns the key for maps: `topic/partition` */
export function partitionKey({ topic, partition }: PartitionId): string {
  return `${topic}/${partition}`;
}
