import { digitsIn } from "../../masking.ts";

/**
 * The words in member names that providers, gateways and forwarders send. A name with other words may be personal:
 * some programs use phone numbers or customers as keys.
 */
const words: ReadonlySet<string> = new Set(
  (
    "accepted account action addr address after aggregate alibaba aliqin aliyun answer api app appid arn array at " +
    "attempt audit base batch before bill biz bizid body bool call callback called callee caller callid cancel " +
    "carrier category cb cdr channel charge charset client cloud cmpp cn code codes color command commit config " +
    "connect content contents context corr correlation cost count country create created cur currency custom data " +
    "date datetime day deadline deliver delivered delivery delivrd desc description dest destination detail details " +
    "device dialog direction display dlr done dr dst dtmf duration email en encoded encoding end endpoint envelope " +
    "err errcode errmsg error errors event events expire ext extend extension fail failed failure fee field fields " +
    "file final finish first flag flow form format fragment from gateway gmt group handle hangup has headers host " +
    "hour http id ids idx in index info input instance intl ip is isp item items job json key kind label lang last " +
    "leg length level line link list local location log logger long map mcc mcode md meaning media member message " +
    "messages messaging method milli minute mno mnc mobile mobiles mode model module moment month ms msg msgid " +
    "msisdn mt mo name names namespace nation nationcode net network no node nonce notification notify num number " +
    "numbers object of offset ok on op operator option order orig origin original out output owner packet page param " +
    "parameter parameters params part partition parts path payload pdu period phone phones pid pkg platform port " +
    "ported prefix price priority process product progress properties protocol provider pull push quality query " +
    "queue rate raw read reason rec receipt receipts receive received receiver recipient recipients record recorded " +
    "records recv ref reference region registered reject rejected relay remark remote rept report reported reports " +
    "req request resp response result results retry ret return ring ringing role route rsp rx schema scope second " +
    "segment segments send sender sendid sent seq sequence serial server service session set short sid sign " +
    "signature size sms smsc smscount smsid sms source sp spid split src stage standard start stat state statistics " +
    "status statuses step stream string style sub subject submit success suspend system table tag tags target task " +
    "tel template text texts through time timestamp timezone title tmc to token tool top topic total tpl trace " +
    "transaction ts tx type uid uin uniqueid unit units unix unknown update uri url user username usec utc uuid val " +
    "validity value values variable variables vars vector vendor version via voice way when within worker zone zh"
  ).split(" "),
);

/** Last words of members with free text or names. */
const freeWords: ReadonlySet<string> = new Set(
  (
    "addr address body content contents custom data desc description detail details email ext extend extension label " +
    "message messages msg meaning name names owner payload raw reason remark sign signature string subject tag tags " +
    "text texts title token username val value values"
  ).split(" "),
);

/** Last words of members with template parameters: a one-time password, a customer's name. */
const closedWords: ReadonlySet<string> = new Set(
  "param parameter parameters params template tpl variable variables vars".split(" "),
);

/** What a member's name says about its value. */
export interface MemberName {
  /** The name as it may be shown. */
  readonly shown: string;
  /** `plain`: codes and small numbers may be shown; `free`: nothing; `closed`: nothing nested in it either. */
  readonly holds: "plain" | "free" | "closed";
}

/** For an element, or a whole record. */
export const unnamed: MemberName = { shown: "", holds: "plain" };

const separators = /[\s_.:@$/[\]-]+/;
const longestName = 64;

/** Numbered names: `param1`, `sms2`. With more digits it is a number itself. */
const mostDigits = 2;

/** Parses a member's name. */
export function memberName(name: string): MemberName {
  const parts = partsOf(name);
  const last = parts?.findLast((part) => !/^\d/.test(part));
  if (last === undefined) return { shown: `name of ${sizeOf(name.length)}`, holds: "free" };
  const holds = closedWords.has(last) ? "closed" : freeWords.has(last) ? "free" : "plain";
  return { shown: name, holds };
}

/** A rounded length. */
export function sizeOf(length: number): string {
  return length > 9_999 ? "over 9999" : String(length);
}

/** The words of a name; undefined if any is unknown. */
function partsOf(name: string): string[] | undefined {
  if (name.length > longestName || !/^[\x20-\x7e]*$/.test(name) || digitsIn(name) > mostDigits)
    return undefined;
  const spaced = name
    .replace(/([a-z])([A-Z])/g, "$1 $2")
    .replace(/([A-Z])([A-Z][a-z])/g, "$1 $2")
    .replace(/([A-Za-z])(\d)/g, "$1 $2")
    .replace(/(\d)([A-Za-z])/g, "$1 $2");
  const found: string[] = [];
  for (const part of spaced.toLowerCase().split(separators)) {
    if (part === "") continue;
    const known = /^\d+$/.test(part) ? [part] : joined(part);
    if (known === undefined) return undefined;
    found.push(...known);
  }
  return found;
}

/** Splits words written as one, such as `reportstatus`: the longest known word at its end, and the words before it. */
function joined(part: string): string[] | undefined {
  if (words.has(part)) return [part];
  for (let at = 2; at < part.length - 1; at++) {
    const end = part.slice(at);
    if (!words.has(end)) continue;
    const before = joined(part.slice(0, at));
    if (before !== undefined) return [...before, end];
  }
  return undefined;
}
