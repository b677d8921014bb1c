export interface MemberSettings {
  readonly group: string;
  readonly sessionTimeoutMs: number;
  readonly commitIntervalMs: number;
  /** How often the metadata is refreshed while all is well. */
  readonly metadataIntervalMs: number;
  /** The broker's `offset.metadata.max.bytes`. */
  readonly metadataLimit: number;
}
