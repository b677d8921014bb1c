import type { Failure, FailureCode } from "../../../src/kafka/failure.ts";
import type { AskKind, Results } from "../../../src/kafka/group/asks.ts";

/** What became of a request. */
export type Outcome<K extends AskKind = AskKind> = {
  [Kind in K]:
    | { readonly result: Results[Kind]; readonly failure?: undefined }
    | { readonly failure: Failure; readonly memberId?: string };
}[K];

/** Takes the outcome of a request, now or later. */
export type Reply<K extends AskKind> = (outcome: Outcome<K>) => void;

const failures = new Map<FailureCode, Failure>();

/** The failure of a code: the same object each time, for there are millions of them. */
export function failureOf(code: FailureCode): Failure {
  let failure = failures.get(code);
  if (failure === undefined) {
    failure = { code, message: code };
    failures.set(code, failure);
  }
  return failure;
}

export function refusal(code: FailureCode): { readonly failure: Failure } {
  return { failure: failureOf(code) };
}
