import { describe, inject } from "vitest";
import type { SecureListeners } from "../lab/broker-contract.ts";

/** The run's broker, as tests see it. */
export interface TestBroker {
  readonly brokers: string[];
  /** Undefined when the broker is given from outside. */
  readonly secure: SecureListeners | undefined;
}

/** A suite that needs the run's broker; without one it is skipped, for the reason that the set-up printed. */
export function describeWithBroker(name: string, tests: (broker: TestBroker) => void): void {
  const brokers = inject("brokers");
  if (brokers === undefined) describe.skip(name, () => tests({ brokers: [], secure: undefined }));
  else describe(name, () => tests({ brokers, secure: inject("secure") }));
}
