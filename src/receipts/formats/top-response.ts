import { valuesReader } from "../dimensions/dimension-values.ts";
import { codeOf, type Fields, hasAny, isFields, own } from "../fields.ts";
import { keyReader } from "../keys/receipt-key.ts";
import { anyApiScope, type Flag, type Receipt } from "../receipt.ts";
import type { MemberTest } from "./description.ts";
import { flagReader, worked } from "./flag.ts";
import { type CompileOptions, type Format, foreign } from "./format.ts";

/** The code table of each API, by the API's name. */
const scopeOfApi: ReadonlyMap<string, string> = new Map([
  ["alibaba.aliqin.fc.sms.num.send", "sms_send_api"],
  ["alibaba.aliqin.fc.sms.num.query", "sms_query_api"],
  ["alibaba.aliqin.fc.voice.num.singlecall", "voice_singlecall_api"],
  ["alibaba.aliqin.fc.tts.num.singlecall", "tts_singlecall_api"],
  ["alibaba.aliqin.fc.voice.num.doublecall", "voice_doublecall_api"],
]);

/** Prefix of envelopes' names. */
export const answerNames = "alibaba_aliqin_fc_";
const envelopeName = new RegExp(`^${answerNames}[a-z0-9_]+_response$`);
const flatMembers = ["RequestId", "Message", "BizId"] as const;

/** The tests that every response without an envelope passes, as may other objects. */
export const mayBeAnswer: readonly (readonly MemberTest[])[] = [
  [{ has: ["/error_response"] }],
  [{ has: ["/Code"] }, { has: flatMembers.map((name) => `/${name}`) }],
  [{ has: ["/request_id"] }, { has: ["/result"] }],
  [{ has: ["/sub_code"] }, { has: ["/request_id", "/sub_msg"] }],
];

const readSuccess = flagReader({ accepted: worked.yes, refused: worked.no });

/**
 * The format `top-response`: the response to a request to send. A success comes in an envelope that names the API, a
 * refusal in an `error_response` that does not; the newer flat form (`Code`, `Message`) never does. A marketplace
 * that resells the API may omit the envelope.
 *
 * It is code rather than a description, since the table of a code is in a member's name.
 */
export function topResponse(options: CompileOptions): Format {
  const readValues = valuesReader(options.values, {});
  const readKey = keyReader(options.key);
  return {
    read(value, context, receipts) {
      if (!isFields(value) || !isAnswer(value)) return foreign;
      context.trace?.({ kind: "recognised", as: "top-response" });
      const receipt = readAnswer(value, options, context.method);
      if (receipt === undefined) return "not_a_receipt";
      const values = readValues(value);
      const { scope, provider, code, flag, sentAt, receivedAt } = receipt;
      receipts.push({ ...receipt, values, key: readKey?.(value, scope, flag, code) });
      context.trace?.({
        ...{ kind: "receipt", scope, provider, code, codeAt: undefined, flag, flagAt: undefined, sentAt },
        ...{ receivedAt, values },
      });
      return undefined;
    },
  };
}

function isAnswer(element: Fields): boolean {
  return (
    isFields(own(element, "error_response")) ||
    (Object.hasOwn(element, "Code") && hasAny(element, flatMembers)) ||
    isBareEnvelope(element) ||
    isBareError(element) ||
    envelopeOf(element) !== undefined
  );
}

function readAnswer(
  element: Fields,
  options: CompileOptions,
  method: string | undefined,
): Receipt | undefined {
  const scope = options.scope ?? scopeOf(method) ?? scopeOf(own(element, "method")) ?? anyApiScope;
  const error = own(element, "error_response");
  if (isFields(error)) return readError(error, scope);
  if (isBareError(element)) return readError(element, scope);
  if (isBareEnvelope(element)) return readResult(own(element, "result"), scope);
  const envelope = envelopeOf(element);
  return envelope === undefined ? readFlat(element, scope) : readEnvelope(element, envelope, options);
}

/** The content of an envelope, without the envelope. */
function isBareEnvelope(element: Fields): boolean {
  const result = own(element, "result");
  return Object.hasOwn(element, "request_id") && isFields(result) && Object.hasOwn(result, "success");
}

/** The content of an `error_response`, without it. */
function isBareError(element: Fields): boolean {
  return Object.hasOwn(element, "sub_code") && hasAny(element, ["request_id", "sub_msg"]);
}

/** The platform's own code says little ("15: Remote service error"); the service's `sub_code` is the listed one. */
function readError(error: Fields, scope: string): Receipt | undefined {
  const code = codeOf(own(error, "sub_code"));
  return answer(scope, "refused", code === "" ? codeOf(own(error, "code")) : code);
}

function readFlat(element: Fields, scope: string): Receipt | undefined {
  const code = codeOf(own(element, "Code"));
  return answer(scope, code?.toUpperCase() === "OK" ? "accepted" : "refused", code);
}

/** An envelope means success; only its `result`, if present, can say otherwise. */
function readEnvelope(element: Fields, name: string, options: CompileOptions): Receipt | undefined {
  const api = name.slice(0, -"_response".length).replaceAll("_", ".");
  // The response itself knows best which API it is from.
  const scope = scopeOf(api) ?? options.scope ?? anyApiScope;
  const body = own(element, name);
  const result = isFields(body) ? own(body, "result") : undefined;
  return result === undefined ? answer(scope, "accepted", "") : readResult(result, scope);
}

function readResult(result: unknown, scope: string): Receipt | undefined {
  if (!isFields(result)) return undefined;
  return answer(scope, readSuccess(own(result, "success")), codeOf(own(result, "err_code")));
}

function answer(scope: string, flag: Flag, code: string | undefined): Receipt | undefined {
  if (code === undefined) return undefined;
  return { scope, flag, code, sentAt: Number.NaN, receivedAt: Number.NaN, provider: undefined };
}

function scopeOf(method: unknown): string | undefined {
  return typeof method === "string" ? scopeOfApi.get(method) : undefined;
}

function envelopeOf(element: Fields): string | undefined {
  return Object.keys(element).find((name) => envelopeName.test(name) && isFields(element[name]));
}
