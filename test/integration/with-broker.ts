import { describe, inject, it } from "vitest";
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

/** A suite that needs the logins and rights of a broker of our own; on one that is given from outside it is skipped. */
export function describeWithLogins(
  name: string,
  tests: (broker: TestBroker & { readonly secure: SecureListeners }) => void,
): void {
  describeWithBroker(name, ({ brokers, secure }) => {
    if (secure !== undefined) return tests({ brokers, secure });
    console.warn(`${name} is not tried: the broker is given from outside`);
    it.skip("has secure listeners of its own", () => {});
  });
}
