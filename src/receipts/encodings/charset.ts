import { isAscii } from "node:buffer";
import { TextDecoder } from "node:util";
import { utf8Text } from "../text.ts";

/** The charsets that a topic's values may have. `latin1` is ISO 8859-1. */
export const charsets = ["utf-8", "gbk", "gb18030", "utf-16le", "utf-16be", "latin1"] as const;
export type Charset = (typeof charsets)[number];

/**
 * The platform decoder for each, if it needs one. GBK is a subset of GB 18030, whose decoder rejects the same bytes
 * in every version of Node.js.
 */
const labels = {
  gbk: "gb18030",
  gb18030: "gb18030",
  "utf-16le": "utf-16le",
  "utf-16be": "utf-16be",
} as const;

const decoders = new Map<string, TextDecoder>();

/**
 * Decodes bytes in a charset, without the byte order mark.
 *
 * @returns undefined when the bytes are invalid in that charset; every byte is valid in `latin1`
 */
export function decodeText(bytes: Buffer, charset: Charset): string | undefined {
  switch (charset) {
    case "utf-8":
      return utf8Text(bytes);
    case "latin1":
      return bytes.toString("latin1");
    case "gbk":
    case "gb18030":
      return isAscii(bytes) ? bytes.toString("latin1") : decodeStrictly(bytes, labels[charset]);
    case "utf-16le":
    case "utf-16be":
      return decodeStrictly(bytes, labels[charset]);
  }
}

function decodeStrictly(bytes: Buffer, label: string): string | undefined {
  let decoder = decoders.get(label);
  if (decoder === undefined) {
    decoder = new TextDecoder(label, { fatal: true });
    decoders.set(label, decoder);
  }
  try {
    return decoder.decode(bytes);
  } catch {
    return undefined;
  }
}
