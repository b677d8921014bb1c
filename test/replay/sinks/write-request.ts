/** A series of a decoded request. */
export interface DecodedSeries {
  readonly labels: readonly (readonly [name: string, value: string])[];
  readonly samples: readonly { readonly at: number; readonly value: number }[];
}

/** One field of a message: its number, and a varint, a double or the bytes of a text or message. */
type Field = readonly [number: number, content: bigint | number | Buffer];

/** Reads remote write's `WriteRequest`, by the protobuf encoding's own rules and nothing of the encoder's. */
export function decodeWriteRequest(bytes: Buffer): DecodedSeries[] {
  return messages(bytes, 1).map((series) => ({
    labels: messages(series, 1).map((label) => [text(label, 1), text(label, 2)] as const),
    samples: messages(series, 2).map((sample) => {
      const fields = new Map(fieldsOf(sample));
      return { value: Number(fields.get(1)), at: Number(fields.get(2)) };
    }),
  }));
}

function messages(bytes: Buffer, wanted: number): Buffer[] {
  return fieldsOf(bytes).flatMap(([number, content]) =>
    number === wanted && Buffer.isBuffer(content) ? [content] : [],
  );
}

function text(bytes: Buffer, wanted: number): string {
  return messages(bytes, wanted).map(String).join();
}

function fieldsOf(bytes: Buffer): Field[] {
  const fields: Field[] = [];
  let at = 0;
  const varint = () => {
    let value = 0n;
    for (let shift = 0n; ; shift += 7n) {
      const byte = bytes.readUInt8(at++);
      value |= BigInt(byte & 0x7f) << shift;
      if (byte < 0x80) return value;
    }
  };
  while (at < bytes.length) {
    const tag = Number(varint());
    const kind = tag & 7;
    if (kind === 0) fields.push([tag >> 3, varint()]);
    else if (kind === 1) {
      fields.push([tag >> 3, bytes.readDoubleLE(at)]);
      at += 8;
    } else if (kind === 2) {
      const length = Number(varint());
      if (at + length > bytes.length) throw new Error("a field is longer than its message");
      fields.push([tag >> 3, bytes.subarray(at, at + length)]);
      at += length;
    } else throw new Error(`wire type ${kind} is not used here`);
  }
  return fields;
}
