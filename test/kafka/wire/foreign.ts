import { createRequire } from "node:module";
import type { Api } from "../../../src/kafka/wire/api.ts";
import { Reader, Writer } from "../../../src/kafka/wire/bytes.ts";

const require = createRequire(import.meta.url);

/** Writes a request with kafkajs, independently of our code. */
export async function foreignRequest(name: string, version: number, options: object): Promise<Buffer> {
  const request = require(`kafkajs/src/protocol/requests/${name}/v${version}/request.js`) as (
    options: object,
  ) => {
    readonly apiKey: number;
    readonly apiVersion: number;
    encode(): Promise<{ readonly buffer: Buffer }>;
  };
  const { encode } = request(options);
  return (await encode()).buffer;
}

/** Reads an answer with kafkajs. */
export async function foreignAnswer(name: string, version: number, bytes: Buffer): Promise<unknown> {
  const { decode } = require(`kafkajs/src/protocol/requests/${name}/v${version}/response.js`) as {
    decode(bytes: Buffer): Promise<unknown>;
  };
  return decode(bytes);
}

/** What one of our versions writes. */
export function written<Request, Response>(
  api: Api<Request, Response>,
  version: number,
  request: Request,
): Buffer {
  const writer = new Writer();
  versionOf(api, version).write(request, writer);
  return writer.buffer;
}

/** What one of our versions reads, all of it. */
export function read<Request, Response>(
  api: Api<Request, Response>,
  version: number,
  bytes: Buffer,
  request = undefined as Request,
): Response {
  return versionOf(api, version).read(new Reader(bytes), request);
}

function versionOf<Request, Response>(api: Api<Request, Response>, version: number) {
  const found = api.versions.find((candidate) => candidate.version === version);
  if (found === undefined) throw new Error(`${api.name} has no version ${version}`);
  return found;
}

/** The types of the protocol, byte by byte (https://kafka.apache.org/protocol#protocol_types). */
export const i8 = (value: number): Buffer => Buffer.of(value & 0xff);
export const i16 = (value: number): Buffer => Buffer.of((value >> 8) & 0xff, value & 0xff);
export const i32 = (value: number): Buffer => Buffer.concat([i16(value >> 16), i16(value)]);
export const i64 = (value: number): Buffer =>
  Buffer.concat([i32(Math.floor(value / 2 ** 32)), i32(value % 2 ** 32)]);
export const text = (value: string | null): Buffer =>
  value === null ? i16(-1) : Buffer.concat([i16(Buffer.byteLength(value)), Buffer.from(value)]);
export const blob = (value: Buffer | null): Buffer =>
  value === null ? i32(-1) : Buffer.concat([i32(value.length), value]);
export const list = (...entries: readonly Buffer[]): Buffer =>
  Buffer.concat([i32(entries.length), ...entries]);

/** A number of 7 bits a byte, the lowest first. */
export const uvarint = (value: number): Buffer =>
  value < 0x80 ? Buffer.of(value) : Buffer.concat([Buffer.of((value % 0x80) | 0x80), uvarint(value >>> 7)]);
export const compactText = (value: string | null): Buffer =>
  value === null ? uvarint(0) : Buffer.concat([uvarint(Buffer.byteLength(value) + 1), Buffer.from(value)]);
export const compactBlob = (value: Buffer | null): Buffer =>
  value === null ? uvarint(0) : Buffer.concat([uvarint(value.length + 1), value]);
export const compactList = (...entries: readonly Buffer[]): Buffer =>
  Buffer.concat([uvarint(entries.length + 1), ...entries]);
/** Tagged fields that nobody knows. */
export const tags = (...fields: readonly (readonly [tag: number, bytes: Buffer])[]): Buffer =>
  Buffer.concat([
    uvarint(fields.length),
    ...fields.flatMap(([tag, bytes]) => [uvarint(tag), uvarint(bytes.length), bytes]),
  ]);
export const all = (...parts: readonly Buffer[]): Buffer => Buffer.concat(parts);
