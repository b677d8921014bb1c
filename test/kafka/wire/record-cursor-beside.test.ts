import { describe, expect, it } from "vitest";
import { RecordBatch } from "../../../src/kafka/wire/record-batch.ts";
import { type Fetched, RecordCursor } from "../../../src/kafka/wire/record-cursor.ts";
import { recordOf, writeBatch } from "./batches.ts";

describe("what lies beside a record's value", () => {
  const [app, key] = [Buffer.from("app"), Buffer.from("k")];
  const headers = [
    ["app", Buffer.from("first")] as const,
    ["other", null] as const,
    ["app", Buffer.from("last")] as const,
  ];
  const besides = (fetched: readonly Fetched[]) => {
    const cursor = new RecordCursor(fetched);
    const shown: string[] = [];
    while (cursor.advance())
      shown.push(`${cursor.key()} ${cursor.header(app)} ${cursor.header(Buffer.from("other"))}`);
    return shown;
  };

  it("is the key, and the last header of a name, record by record", () => {
    const bytes = writeBatch([
      { ...recordOf("v", 0), headers, key },
      { ...recordOf("w", 1), headers: [["application", key] as const] },
      { ...recordOf("x", 2), headers, key: Buffer.alloc(0) },
    ]);
    expect(besides([new RecordBatch(bytes)])).toEqual([
      "k last undefined",
      "undefined undefined undefined",
      " last undefined",
    ]);
  });

  it("is there of messages of an older log as well", () => {
    const message = { attributes: 0, timestamp: "7", value: Buffer.from("v"), offset: "3" };
    const fetched = [
      { ...message, key, headers: { app: [Buffer.from("first"), Buffer.from("last")] } },
      { ...message, key: null, headers: { app: "text" } },
      { ...message, key: null, headers: {} },
    ];
    expect(besides(fetched)).toEqual([
      "k last undefined",
      "undefined text undefined",
      "undefined undefined undefined",
    ]);
  });
});
