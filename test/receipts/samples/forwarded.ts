import { gzipSync } from "node:zlib";
import type { NamedShape } from "../../../src/config/topic-schema.ts";
import type { Receipt } from "../../../src/receipts/receipt.ts";
import { aliyunReceipt, aliyunSms, originals } from "./originals.ts";
import { json, sms } from "./sample.ts";
import { encodingSamples, frameSamples } from "./ways.ts";

/** A receipt on its way: in a frame, in an encoding. */
export interface Forwarded {
  readonly name: string;
  readonly value: Buffer;
  readonly receipts: readonly Receipt[];
  /** What the topic's configuration has to say; nothing for what is read by itself. */
  readonly shape?: Partial<NamedShape>;
}

/** Every original in every frame; and every original in every encoding, framed and bare. */
export const forwarded: readonly Forwarded[] = [
  ...Object.entries(originals).flatMap(([original, { value, receipts }]) =>
    Object.entries(frameSamples).map(([frame, around]) => ({
      name: `${original} in ${frame}`,
      value: Buffer.from(json(around(value))),
      receipts,
    })),
  ),
  ...Object.entries(originals).flatMap(([original, { value, receipts }]) =>
    ["bare", "Filebeat"].flatMap((frame) =>
      Object.entries(encodingSamples).map(([encoding, encode]) => ({
        name: `${original} in ${frame} in ${encoding}`,
        value: encode(json(frameSamples[frame]?.(value))),
        receipts,
      })),
    ),
  ),
];

const smppText =
  "id:0123456789 sub:001 dlvrd:000 submit date:2601010000 done date:2601010001 stat:UNDELIV err:045 text:hello";
const smppReceipt = sms("failed", "045", "2026-01-01T00:00:00", "2026-01-01T00:01:00");

const twoLines = `${json(originals.aliyunSms?.value)}\r\n${json(originals.tencent?.value)}\n`;
const both = [...(originals.aliyunSms?.receipts ?? []), ...(originals.tencent?.receipts ?? [])];

/** What no format of JSON is, what the configuration has to say, and what else there is but once. */
export const forwardedElse: readonly Forwarded[] = [
  { name: "an SMPP receipt", value: Buffer.from(smppText), receipts: [smppReceipt] },
  {
    name: "an SMPP receipt as a member",
    value: Buffer.from(json({ source_addr: "1069", short_message: smppText })),
    receipts: [smppReceipt],
  },
  { name: "two lines", value: Buffer.from(twoLines), receipts: both },
  { name: "two lines in gzip", value: gzipSync(twoLines), receipts: both },
  {
    name: "a form's own members",
    value: Buffer.from("/cb?success=false&err_code=DB%3A0141&phone_number=13900000000&biz_id=1"),
    receipts: [{ ...aliyunReceipt, sentAt: Number.NaN, receivedAt: Number.NaN, segments: 0 }],
  },
  {
    name: "log entries of Aliyun SLS, whose values are texts",
    value: Buffer.from(json({ ...aliyunSms, success: "false", __time__: "1767196803", __topic__: "sms" })),
    receipts: [aliyunReceipt],
  },
  {
    name: "UTF-16 without a mark",
    value: Buffer.from(json(aliyunSms), "utf16le"),
    receipts: [aliyunReceipt],
    shape: { charset: "utf-16le" },
  },
  {
    name: "GBK",
    // 黑名单 in GBK
    value: Buffer.concat(
      json(aliyunSms)
        .split("黑名单")
        .flatMap((part, n) =>
          n === 0
            ? [Buffer.from(part)]
            : [Buffer.from("bada c3fb b5a5".replaceAll(" ", ""), "hex"), Buffer.from(part)],
        ),
    ),
    receipts: [aliyunReceipt],
    shape: { charset: "gbk" },
  },
  {
    name: "a frame of one's own",
    value: Buffer.from(json({ envelope: { text: json(aliyunSms) } })),
    receipts: [aliyunReceipt],
    shape: { at: ["/envelope/text"] },
  },
  {
    name: "a frame of one's own, for one format alone",
    value: Buffer.from(json({ old: json(originals.tmcSms?.value) })),
    receipts: originals.tmcSms?.receipts ?? [],
    shape: { formats: ["tmc-sms"], at: ["/new", "/old"] },
  },
  {
    name: "a shape of one's own in a string in a frame",
    value: Buffer.from(json({ message: json({ items: [{ c: "12", ok: "Y" }] }) })),
    receipts: [{ ...sms("delivered", "12", undefined, ""), receivedAt: Number.NaN }],
    shape: {
      formats: ["aliyun-sms", "json"],
      json: [
        {
          when: [],
          receipts: "/items",
          codes: [{ at: ["/c"], scope: "sms_receipt" }],
          flag: { at: ["/ok"], delivered: ["y"], failed: ["n"] },
        },
      ],
    },
  },
];
