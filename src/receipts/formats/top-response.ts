import { codeOf, type Fields, hasAny, isFields, own, truthOf } from "../fields.ts";
import { anyApiScope, type Flag, type Receipt } from "../receipt.ts";
import type { ReadOptions, WireFormat } from "./wire-format.ts";

/** The table that each API's codes are listed in, by the name that the API is called by. */
const scopeOfApi: ReadonlyMap<string, string> = new Map([
  ["alibaba.aliqin.fc.sms.num.send", "sms_send_api"],
  ["alibaba.aliqin.fc.sms.num.query", "sms_query_api"],
  ["alibaba.aliqin.fc.voice.num.singlecall", "voice_singlecall_api"],
  ["alibaba.aliqin.fc.tts.num.singlecall", "tts_singlecall_api"],
  ["alibaba.aliqin.fc.voice.num.doublecall", "voice_doublecall_api"],
]);

const envelopeName = /^alibaba_aliqin_fc_[a-z0-9_]+_response$/;
const flatMembers = ["RequestId", "Message", "BizId"] as const;

/**
 * `top-response`: what the sender got back when it asked to send. A success comes in an envelope that names the
 * API, a refusal in an `error_response` that does not; the newer flat form (`Code`, `Message`) never does.
 */
export const topResponse: WireFormat = {
  recognises(element) {
    return (
      isFields(own(element, "error_response")) ||
      (Object.hasOwn(element, "Code") && hasAny(element, flatMembers)) ||
      envelopeOf(element) !== undefined
    );
  },

  read(element, options, method) {
    const scope = options.scope ?? scopeOf(method) ?? scopeOf(own(element, "method")) ?? anyApiScope;
    const error = own(element, "error_response");
    if (isFields(error)) return readError(error, scope);
    const envelope = envelopeOf(element);
    return envelope === undefined ? readFlat(element, scope) : readEnvelope(element, envelope, options);
  },
};

/** The platform's own code says little ("15: Remote service error"); the service's `sub_code` is the listed one. */
function readError(error: Fields, scope: string): Receipt | undefined {
  const code = codeOf(own(error, "sub_code"));
  return answer(scope, "refused", code === "" ? codeOf(own(error, "code")) : code);
}

function readFlat(element: Fields, scope: string): Receipt | undefined {
  const code = codeOf(own(element, "Code"));
  return answer(scope, code?.toUpperCase() === "OK" ? "accepted" : "refused", code);
}

/** An envelope comes with success; only its `result`, where it has one, can still say otherwise. */
function readEnvelope(element: Fields, name: string, options: ReadOptions): Receipt | undefined {
  const api = name.slice(0, -"_response".length).replaceAll("_", ".");
  // The answer itself knows best which API it comes from.
  const scope = scopeOf(api) ?? options.scope ?? anyApiScope;
  const body = own(element, name);
  const result = isFields(body) ? own(body, "result") : undefined;
  if (result === undefined) return answer(scope, "accepted", "");
  if (!isFields(result)) return undefined;
  return answer(scope, resultFlag(truthOf(own(result, "success"))), codeOf(own(result, "err_code")));
}

function resultFlag(success: boolean | undefined): Flag {
  if (success === undefined) return "none";
  return success ? "accepted" : "refused";
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
