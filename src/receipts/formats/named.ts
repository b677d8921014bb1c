import type { Description } from "./description.ts";

/** A format: the shapes that it stands for, in the order in which they are asked. Plain data. */
export interface NamedFormat {
  readonly name: string;
  /** Empty for {@link answers}, which is code. */
  readonly descriptions: readonly Description[];
}

/** A format as a provider's pack describes it. */
export interface DescribedFormat extends NamedFormat {
  /** The pack's. */
  readonly provider: string;
  /** What it reads, for people. */
  readonly reads: string;
}

/** The format that is code and no description: answers of an API. */
export const answers = "top-response";

/** The formats that no pack has, and what each reads, for people. */
export const ownFormats = {
  auto: "any of the formats below but `json`, receipt by receipt",
  [answers]:
    "what an API answered to a send: the TOP envelope, `error_response`, or the flat form with `Code`",
  json: "any shape that the configuration describes with JSON Pointers",
} as const;

/** Stands for all formats that the order does not name. */
const others = "*";

/**
 * In this order `auto` asks, the commonest first. Each knows its receipts by members that no other has, so the order
 * decides only for objects that mix the members of two. Gateways come behind everybody: their members say the least.
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

/** Formats in the order in which `auto` asks them; those that the order does not name keep theirs. */
export function inAutoOrder<Format extends NamedFormat>(formats: readonly Format[]): Format[] {
  const rest = askedFirst.indexOf(others);
  const rank = ({ name }: Format) => {
    const place = askedFirst.indexOf(name);
    return place < 0 ? rest : place;
  };
  return formats.toSorted((a, b) => rank(a) - rank(b));
}
