import type { Random } from "../../lab/random.ts";

/** Replacements for a value, or insertions between two tokens. */
const values = [
  ...[
    '""',
    "null",
    "true",
    "false",
    "{}",
    "[]",
    "0",
    "-0",
    "1",
    "12",
    "-7",
    "1.0",
    "1e3",
    "01",
    "1.",
    "1767196803",
  ],
  ...[
    '"1"',
    '"2"',
    '" DELIVRD"',
    '"ok"',
    '"2026-01-01 00:00:00"',
    '"20260101000000"',
    '"1909101607"',
    '"空号"',
  ],
  ...[
    '"\\u0031"',
    '"\\n"',
    '"\\x"',
    '"\\ud800"',
    '"\\ud83d\\ude00"',
    '"{}"',
    '"{\\"state\\":\\"1\\"}"',
    '"[1]"',
  ],
  ...[
    '{"a":{"b":[1,{"c":null}]}}',
    '{"code":"1"}',
    '[{"c":"1"}]',
    '" {\\"err_code\\":1,\\"state\\":2}"',
    "tru",
    "nul",
  ],
  ...[
    "1767196803000",
    "12345678901234567890",
    '"13900000000"',
    '"\t"',
    '"a\\\\"',
    '"\\/"',
    '"00000000-0000"',
  ],
].map((text) => Buffer.from(text));

const members = [
  ...[
    '"state":"2",',
    '"err_code":"1",',
    '"message":{},',
    '"data":"x",',
    '"Code":"OK",',
    '"Message":1,',
    '"":0,',
  ],
  ...[
    '"st\\u0061te":"1",',
    '"__proto__":{"state":"1"},',
    '"toString":1,',
    '"success":true,',
    '"status":"DELIVRD",',
  ],
  ...[
    '"key":"a",',
    '"Value":"b",',
    '"send_date":"2026-01-01",',
    '"method":"a.b",',
    '"op":"d",',
    '"schema":1,',
  ],
  ...[
    '"alibaba_aliqin_fc_x_response":{},',
    '"error_response":{},',
    '"request_id":"r",',
    '"sub_code":1,',
    '"状":1,',
  ],
  ...[
    '"id":1,',
    '"type":"x",',
    '"call_id":1,',
    '"text":"x",',
    '"content":"",',
    '"kind":1,',
    '"a":{"state":1},',
  ],
].map((text) => Buffer.from(text));

const bytes = Buffer.from('"\\{}[]:,\n\t 0129-+.eE^AZaztfn/u&=%?\u0000\u001f\u007f');
const high = [0x80, 0xbf, 0xc0, 0xc3, 0xe4, 0xed, 0xf4, 0xff];

/** Where the tokens of JSON begin and end that are neither brackets nor punctuation, by their places in UTF-8. */
export function tokensOf(record: Buffer): Int32Array {
  const found = record.toString("latin1").matchAll(/"(?:[^"\\]|\\.)*"|[\w.+-]+/g);
  return Int32Array.from([...found].flatMap((match) => [match.index, match.index + match[0].length]));
}

/** Memory that one record after another is written into, with a byte order mark in front and other bytes behind. */
export class Mutated {
  readonly memory = Buffer.alloc(16_384);
  readonly start = 3;
  end = 3;
  readonly #behind = Buffer.from('":"1"}],"state":"1"}');

  constructor() {
    this.memory.write("\uFEFF");
  }

  /** Writes a record that is up to five steps away from another; none in one of eight. */
  write({ below }: Random, record: Buffer, tokens: Int32Array): void {
    this.end = this.start + record.copy(this.memory, this.start);
    let steps = below(8) === 0 ? 0 : 1 + below(below(4) === 0 ? 5 : 2);
    // Tokens are where they were for the first step alone.
    if (steps > 0 && below(4) > 0) {
      steps--;
      const token = 2 * below(tokens.length / 2);
      const at = this.start + (tokens[token] ?? 0);
      const end = this.start + (tokens[token + 1] ?? 0);
      const isName = this.memory[end] === 0x3a;
      if (isName) this.#put(at, below(4) > 0 ? at : end + 1, members[below(members.length)]);
      else this.#put(at, end, values[below(values.length)]);
    }
    for (; steps > 0 && this.end > this.start; steps--) this.#damage(below);
    this.#behind.copy(this.memory, this.end);
  }

  #damage(below: Random["below"]): void {
    const at = this.start + below(this.end - this.start);
    switch (below(6)) {
      case 0:
        this.memory[at] = below(256);
        break;
      case 1:
        this.memory[at] = bytes[below(bytes.length)] ?? 0;
        break;
      case 2:
        this.#put(at, at, bytes.subarray(below(bytes.length)).subarray(0, 1));
        break;
      case 3:
        this.#put(at, Math.min(this.end, at + 1 + below(8)), undefined);
        break;
      case 4:
        this.#put(at, at, Buffer.from(this.memory.subarray(at, Math.min(this.end, at + 1 + below(40)))));
        break;
      default:
        this.memory[at] = high[below(high.length)] ?? 0;
        if (below(16) === 0) this.end = at;
    }
  }

  #put(from: number, to: number, put: Buffer | undefined): void {
    const size = put?.length ?? 0;
    if (this.end + size > this.memory.length - 64) return;
    this.memory.copyWithin(from + size, to, this.end);
    put?.copy(this.memory, from);
    this.end += size - (to - from);
  }
}
