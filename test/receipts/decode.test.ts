import fc from "fast-check";
import { describe, expect, it } from "vitest";
import type { NamedShape } from "../../src/config/topic-schema.ts";
import { createDecoder, type Decoder, type RecordShape } from "../../src/receipts/decode.ts";
import type { Description } from "../../src/receipts/formats/description.ts";
import type { Receipt } from "../../src/receipts/receipt.ts";
import { formats } from "./packaged-formats.ts";
import { malformedSamples, samples } from "./samples.ts";
import { rawRecord, shapeOf } from "./support.ts";

const json: Description = {
  when: [],
  receipts: "/items",
  codes: [{ at: ["/code"], scope: "mine" }],
  flag: { at: ["/ok"], delivered: ["true"], failed: ["false"] },
};

function readAs(format: string, changes: Partial<NamedShape> = {}): RecordShape {
  return shapeOf({ formats: [format], json: format === "json" ? [json] : [], ...changes });
}

/** A topic's decoder is made once: to compile what it reads takes as long as to read thousands of records. */
const decoders = new Map<string, Decoder>();

function decode(shape: RecordShape, value: Buffer | string | null, method?: string) {
  const receipts: Receipt[] = [];
  const key = JSON.stringify(shape);
  const decoder = decoders.get(key) ?? createDecoder(shape);
  decoders.set(key, decoder);
  const reason = decoder(rawRecord(value, { method }), receipts);
  return { reason, receipts };
}

function isJson(text: string): boolean {
  try {
    return JSON.parse(text) !== undefined && text.startsWith("{");
  } catch {
    return false;
  }
}

const fixedFormats = formats.filter((format) => format !== "auto" && format !== "json");

describe("a record of each shape", () => {
  it.each(samples)("$format: $name", ({ format, value, method, receipts }) => {
    expect(decode(readAs(format), value, method)).toEqual({ reason: undefined, receipts });
    expect(decode(readAs("auto"), value, method)).toEqual({ reason: undefined, receipts });
    for (const other of fixedFormats) {
      if (other === format) continue;
      expect(decode(readAs(other), value, method), other).toEqual({ reason: "not_a_receipt", receipts: [] });
    }
  });

  it("has a sample of every format", () => {
    expect(new Set(samples.map((sample) => sample.format))).toEqual(new Set(fixedFormats));
  });
});

describe("a record that is no receipt", () => {
  it.each(malformedSamples)("$name: $reason", ({ value, reason }) => {
    expect(decode(readAs("auto"), value)).toEqual({ reason, receipts: [] });
    // Megabytes take the same way in every format, but take it slowly.
    for (const format of (value?.length ?? 0) < 1_000_000 ? fixedFormats : []) {
      expect(decode(readAs(format), value), format).toEqual({ reason, receipts: [] });
    }
  });

  it("leaves the receipts of earlier records alone", () => {
    const receipts: Receipt[] = [];
    const auto = createDecoder(readAs("auto"));
    const good = Buffer.from(samples[0]?.value ?? "");
    auto(rawRecord(good), receipts);
    expect(auto(rawRecord("[1,{}]"), receipts)).toBe("not_a_receipt");
    expect(receipts).toEqual(samples[0]?.receipts);
  });
});

describe("an array of which some elements are receipts", () => {
  const good = samples[0];
  const receipts = good?.receipts ?? [];
  const rows = [
    { name: "first", value: `[${good?.value},{}]`, reason: "bad_element", receipts },
    { name: "last", value: `[null,${good?.value}]`, reason: "bad_element", receipts },
    { name: "beside an empty array", value: `[[],${good?.value}]`, reason: "bad_element", receipts },
    {
      name: "beside the same in a string",
      value: `[${good?.value},${JSON.stringify(good?.value)}]`,
      reason: undefined,
      receipts: [...receipts, ...receipts],
    },
    {
      name: "beside a text that is none",
      value: `[${good?.value},"hello"]`,
      reason: "bad_element",
      receipts,
    },
    { name: "none", value: "[{},null]", reason: "not_a_receipt", receipts: [] },
  ];
  it.each(rows)("$name", ({ value, reason, receipts }) => {
    expect(decode(readAs("auto"), value)).toEqual({ reason, receipts });
  });

  it("reads an array of several formats", () => {
    const singles = samples.filter(({ value, method }) => isJson(value) && method === undefined);
    const value = `[${singles.map((sample) => sample.value).join(",")}]`;
    expect(decode(readAs("auto"), value)).toEqual({
      reason: undefined,
      receipts: singles.flatMap((sample) => sample.receipts),
    });
  });
});

describe("how deep a receipt may lie", () => {
  const rows = [
    { name: "in eight arrays", depth: 8, reason: undefined },
    { name: "in nine", depth: 9, reason: "not_a_receipt" },
  ];
  it.each(rows)("$name", ({ depth, reason }) => {
    const value = "[".repeat(depth) + samples[0]?.value + "]".repeat(depth);
    expect(decode(readAs("auto"), value).reason).toBe(reason);
  });
});

describe("what the topic's configuration says", () => {
  const refusal =
    '{"method":"alibaba.aliqin.fc.sms.num.query","error_response":{"sub_code":"isv.OUT_OF_SERVICE"}}';
  const accepted = '{"alibaba_aliqin_fc_sms_num_query_response":{"result":{"err_code":"0","success":true}}}';
  const receipt = '{"state":"1","err_code":"0","rept_time":"2015-04-14 12:21:44"}';
  const call = '{"call_id":"1","smart_status_code":"BUSY"}';
  const header = "alibaba.aliqin.fc.tts.num.singlecall";
  const rows = [
    { name: "a refusal: the topic before header and record", value: refusal, method: header, scope: "mine" },
    { name: "a receipt, scanned", value: receipt, method: undefined, scope: "mine" },
    { name: "a receipt, parsed", value: `[${receipt}]`, method: undefined, scope: "mine" },
    { name: "a call's finer reason", value: call, method: undefined, scope: "mine" },
    {
      name: "an answer that names its API keeps it",
      value: accepted,
      method: header,
      scope: "sms_query_api",
    },
  ];
  it.each(rows)("scope of $name", ({ value, method, scope }) => {
    const { receipts } = decode(readAs("auto", { scope: "mine" }), value, method);
    expect(receipts.map((receipt) => receipt.scope)).toEqual([scope]);
  });

  it("looks for the API in the record when the header names none that is known", () => {
    const { receipts } = decode(readAs("auto"), refusal, "SendSms");
    expect(receipts.map((receipt) => receipt.scope)).toEqual(["sms_query_api"]);
  });

  it.each([receipt, `[${receipt}]`])("reads times in the topic's zone: %s", (value) => {
    const { receipts } = decode(readAs("tmc-sms", { utcOffsetMinutes: -90 }), value);
    expect(receipts.map((receipt) => receipt.receivedAt)).toEqual([Date.parse("2015-04-14T12:21:44-01:30")]);
  });
});

describe("the format json", () => {
  const fine = { scope: "mine", sentAt: Number.NaN, receivedAt: Number.NaN, provider: undefined };
  const ok = { ...fine, flag: "delivered", code: "A1" };
  const rows = [
    { name: "an array", value: '{"items":[{"code":"A1","ok":true}]}', reason: undefined, receipts: [ok] },
    { name: "one object", value: '{"items":{"code":"A1","ok":"true"}}', reason: undefined, receipts: [ok] },
    {
      name: "an array with a bad element",
      value: '{"items":[{"code":"A1","ok":true},{}]}',
      reason: "bad_element",
      receipts: [ok],
    },
    { name: "an empty array", value: '{"items":[]}', reason: "no_receipts", receipts: [] },
    {
      name: "nothing at the pointer",
      value: '{"code":"A1","ok":true}',
      reason: "not_a_receipt",
      receipts: [],
    },
    { name: "a known format", value: samples[0]?.value ?? "", reason: "not_a_receipt", receipts: [] },
    { name: "not JSON", value: "{", reason: "not_json", receipts: [] },
  ];
  it.each(rows)("$name", ({ value, reason, receipts }) => {
    expect(decode(readAs("json"), value)).toEqual({ reason, receipts });
  });
});

describe("whatever the bytes, a record gives receipts or a reason and never throws", () => {
  const decoders = formats.map((format) => createDecoder(readAs(format)));

  function check(value: Buffer): void {
    for (const decoder of decoders) {
      const receipts: Receipt[] = [];
      const reason = decoder(rawRecord(value), receipts);
      const some = reason === undefined || reason === "bad_element";
      // to have vitest compare each would take many times as long as to decode
      if (receipts.length > 0 !== some) expect.unreachable(`${receipts.length} receipts and ${reason}`);
    }
  }

  const short = samples
    .filter((sample) => sample.value.length < 2_000)
    .map((sample) => Buffer.from(sample.value));
  const memberNames = [
    ...new Set(samples.flatMap(({ value }) => value.match(/(?<=")[A-Za-z_]+(?=":)/g) ?? [])),
  ];

  it("random bytes", () => {
    fc.assert(fc.property(fc.uint8Array({ maxLength: 200 }), (bytes) => check(Buffer.from(bytes))));
  });

  it("valid records with bytes changed", () => {
    const edit = fc.tuple(fc.nat(), fc.nat(255));
    fc.assert(
      fc.property(
        fc.constantFrom(...short),
        fc.array(edit, { minLength: 1, maxLength: 4 }),
        (record, edits) => {
          const value = Buffer.from(record);
          for (const [at, byte] of edits) value[at % value.length] = byte;
          check(value);
        },
      ),
      { numRuns: 5_000 },
    );
  });

  it("valid records cut off", () => {
    fc.assert(
      fc.property(fc.constantFrom(...short), fc.nat(), (record, at) =>
        check(record.subarray(0, at % record.length)),
      ),
      { numRuns: 2_000 },
    );
  });

  it("JSON of the formats' members with values of any type", () => {
    const key = fc.oneof(
      fc.constantFrom(...memberNames, "items", "__proto__", "constructor", "toString"),
      fc.string(),
    );
    const { tree } = fc.letrec<{ tree: unknown }>((tie) => ({
      tree: fc.oneof(
        { maxDepth: 5, withCrossShrink: true },
        fc.oneof(fc.string(), fc.integer(), fc.double(), fc.boolean(), fc.constant(null), fc.constant("{}")),
        fc.array(tie("tree"), { maxLength: 3 }),
        fc.array(fc.tuple(key, tie("tree")), { maxLength: 6 }).map((members) => ({ members })),
      ),
    }));
    fc.assert(
      fc.property(tree, (value) => check(Buffer.from(written(value)))),
      { numRuns: 5_000 },
    );
  });

  it("any JSON", () => {
    fc.assert(
      fc.property(fc.json(), (text) => check(Buffer.from(text))),
      { numRuns: 2_000 },
    );
  });
});

/** JSON with members in a list, so that a name can occur twice and be `__proto__`. */
function written(value: unknown): string {
  if (Array.isArray(value)) return `[${value.map(written).join(",")}]`;
  if (typeof value === "object" && value !== null && "members" in value && Array.isArray(value.members)) {
    return `{${value.members.map(([name, member]) => `${JSON.stringify(name)}:${written(member)}`).join(",")}}`;
  }
  return JSON.stringify(value);
}
