import { gzipSync } from "node:zlib";
import { isGzip } from "../../src/receipts/encodings/read-text.ts";
import type { Random } from "../lab/random.ts";
import { samples } from "../receipts/samples.ts";
import { malformedSamples } from "../receipts/samples/malformed.ts";
import { originals } from "../receipts/samples/originals.ts";
import { encodingSamples, frameSamples } from "../receipts/samples/ways.ts";
import { hostileText, mutateBytes, mutateJson } from "./mutate.ts";

/** How long a record becomes by frames: strings in strings double with each. */
const longest = 2_000;

/** What is around a receipt, with how many arrays and frames that is at most. */
interface Around {
  readonly wrap: (value: unknown) => unknown;
  readonly levels: number;
}

const marker = { marker: true };

/** How many steps lead from a frame to what is in it. JSON in a member is one with it; elsewhere it is a step. */
function levelsOf(value: unknown, inMember = true): number {
  if (typeof value === "string") return levelsOf(parsed(value), true) + (inMember ? 0 : 1);
  if (typeof value !== "object" || value === null) return Number.NaN;
  if (Object.hasOwn(value, "marker")) return 0;
  const inner = Object.values(value).map((held) => levelsOf(held, !Array.isArray(value)));
  return 1 + Math.max(...inner.filter((levels) => !Number.isNaN(levels)), Number.NEGATIVE_INFINITY);
}

function parsed(text: string): unknown {
  for (const json of [text, Buffer.from(text, "base64").toString()]) {
    try {
      return JSON.parse(json);
    } catch {
      // The other way.
    }
  }
  return undefined;
}

/** A form is an object around its field. */
const inMembers: readonly Around[] = Object.entries({
  ...{ base64: 1, "gzip in base64": 1, "base64 for URLs": 1, "URL-encoded": 1 },
  ...{ "in a field of a form": 2, "a log line": 1, "the topic's name in front": 1, "laid out over lines": 1 },
}).map(([name, levels]) => ({
  wrap: (value) => ({ message: encodingSamples[name]?.(JSON.stringify(value)).toString() }),
  levels,
}));

const frames: readonly Around[] = [
  ...Object.values(frameSamples).map((wrap) => ({ wrap, levels: levelsOf(wrap(marker), false) })),
  ...inMembers,
];
const encodings = Object.values(encodingSamples);
const known = Object.values(originals);
const seeds: readonly unknown[] = [
  ...known.map(({ value }) => value),
  ...[...samples, ...malformedSamples].map(({ value }) => seedOf(String(value))),
];

/** A text that is too long is deep, too: of such ones no mutation can be made. */
function seedOf(text: string): unknown {
  return text.length > longest ? text.slice(0, longest) : (parsed(text) ?? text);
}

function oneOf<T>(choices: readonly T[], { below }: Random): T {
  const choice = choices[below(choices.length)];
  if (choice === undefined) throw new Error("nothing to choose from");
  return choice;
}

/** An original in frames that add up to eight levels at most, in an encoding, and what has to be read from it. */
export function writeForwarded(random: Random) {
  const { below } = random;
  const original = oneOf(known, random);
  let value = original.value;
  let levels = Array.isArray(value) ? 1 : 0;
  for (let more = below(9); more > 0; more--) {
    const { wrap, levels: added } = oneOf(frames, random);
    // Behind the words of a log line, a JSON string begins nothing.
    if (levels + added > 8 || typeof value === "string" || JSON.stringify(value).length > longest) break;
    levels += added;
    value = wrap(value);
  }
  const text = JSON.stringify(value);
  // A form adds its own level, and a string behind words is none.
  const encode = typeof value === "string" || levels > 7 ? Buffer.from : oneOf(encodings, random);
  const encoded = encode(text);
  const packed = below(8) === 0 && !isGzip(encoded) ? gzipSync(encoded) : encoded;
  return { bytes: packed, receipts: original.receipts };
}

/** A record in up to twelve frames and three encodings, each changed in its structure, its text or its bytes. */
export function writeMutated(random: Random): Buffer {
  const { below } = random;
  let value = oneOf(seeds, random);
  for (let more = below(3) === 0 ? below(13) : below(3); more > 0; more--) {
    if (below(3) === 0) value = mutateJson(random, value);
    const text = JSON.stringify(value) ?? "null";
    if (text.length > longest) break;
    // As whoever frames it has read it: a mutation may have given an array the prototype of something else.
    value = oneOf(frames, random).wrap(JSON.parse(text));
  }
  if (below(2) === 0) value = mutateJson(random, value);
  let bytes: Buffer = Buffer.from(written(random, value));
  for (let more = below(2) * (1 + below(3)); more > 0; more--) {
    bytes = encoded(random, bytes);
    if (below(8) === 0) bytes = mutateBytes(random, bytes);
  }
  return below(3) === 0 ? mutateBytes(random, bytes) : bytes;
}

/** JSON of a value, in which members may come twice or have other names. */
function written(random: Random, value: unknown): string {
  const { below } = random;
  const text = JSON.stringify(value) ?? "";
  if (below(4) > 0) return text;
  const at = text.indexOf(",", below(text.length));
  if (at === -1) return text;
  const changed = [
    () => `,"${oneOf(memberNames, random)}":${JSON.stringify(hostileText(random))}`,
    () => `,"${oneOf(memberNames, random)}":${text.slice(0, at)}`,
    () => text.slice(text.lastIndexOf(",", at - 1), at),
  ][below(3)]?.();
  return text.slice(0, at) + changed + text.slice(at);
}

const memberNames = [
  ...["state", "err_code", "report_status", "errmsg", "success", "biz_id", "status_code", "call_id"],
  ...["message", "content", "data", "Data", "Response", "payload", "result", "error_response", "Code"],
  ...["__proto__", "constructor", "method", "key", "value", "op", "schema", "stat", "Message"],
];

function encoded(random: Random, bytes: Buffer): Buffer {
  try {
    return oneOf(encodings, random)(bytes.toString());
  } catch {
    // What is no JSON can't be laid out, and no lone surrogate percent-encoded.
    return bytes;
  }
}
