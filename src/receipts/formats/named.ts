import type { Description } from "./description.ts";

/** A format: its shapes, in the order in which they are tried. Plain data. */
export interface NamedFormat {
  readonly name: string;
  /** Empty for {@link answers}, which is code. */
  readonly descriptions: readonly Description[];
}

/** A format described in a provider's pack. */
export interface DescribedFormat extends NamedFormat {
  /** The pack's. */
  readonly provider: string;
  /** What it reads, for people. */
  readonly reads: string;
}

/** The format that is code instead of a description: API responses. */
export const answers = "top-response";

/** The formats that are in no pack, and what each reads, for people. */
export const ownFormats = {
  auto: "any of the formats below but `json`, receipt by receipt",
  [answers]:
    "what an API answered to a send: the TOP envelope, `error_response`, or the flat form with `Code`",
  json: "any shape that the configuration describes with JSON Pointers",
} as const;

/** Stands for all formats that are not in the order. */
const others = "*";

/**
 * The order of `auto`, the most common first. Each format recognises its receipts by members that no other has, so
 * the order only matters for objects with members of two. Gateways come last: their members are the least specific.
 */
export const askedFirst: readonly string[] = [
  ...["tmc-sms", "aliyun-sms", "aliyun-voice", "tmc-voice", "tencent", "yunpian", "huawei", "volcengine"],
  ...[
    "netease",
    "cloopen",
    "chuanglan",
    "ucloud",
    "submail",
    "jiguang",
    "qiniu",
    "baidu",
    "twilio",
    "vonage",
  ],
  ...[
    "infobip",
    "sinch",
    "bird",
    "plivo",
    "aws",
    "eightbyeight",
    "oneapi",
    others,
    "smgp",
    "cmpp",
    "sgip",
    "smpp",
  ],
];

/** Sorts formats in the order of `auto`; formats that are not in it keep their order. */
export function inAutoOrder<Format extends NamedFormat>(formats: readonly Format[]): Format[] {
  const rest = askedFirst.indexOf(others);
  const rank = ({ name }: Format) => {
    const place = askedFirst.indexOf(name);
    return place < 0 ? rest : place;
  };
  return formats.toSorted((a, b) => rank(a) - rank(b));
}
