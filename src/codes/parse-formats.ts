import type { Description } from "../receipts/formats/description.ts";
import { ownFormats } from "../receipts/formats/named.ts";
import { issuesInWords } from "../schema/issues.ts";
import { describeShape, shapeSchema } from "../schema/shape.ts";
import type { Field, Value, YamlReader } from "../yaml/reader.ts";
import type { LayerFormat } from "./layer.ts";
import { inShort, readWords } from "./names.ts";

/**
 * Reads `shapes` of a provider's pack: each format's name, what it reads, and the shapes of its receipts. Never
 * throws; problems are added to the reader's.
 *
 * @param provider the pack's
 */
export function readFormats(reader: YamlReader, top: Field | undefined, provider: string): LayerFormat[] {
  return reader.fields(top, "shapes").flatMap((field) => {
    checkName(reader, field);
    const what = `format "${inShort(field.key)}"`;
    const own = reader.record(field, what, ["reads", "objects"], ["provider"]);
    const reads = readWords(reader, own.reads, "reads") ?? "";
    const whose = reader.choice(own.provider, "provider", ["pack", "topic"]) ?? "pack";
    const owner = whose === "pack" ? provider : undefined;
    const objects = reader.items(own.objects, `the objects of ${what}`);
    if (own.objects !== undefined && objects.length === 0) {
      reader.report(own.objects.at, `${what} has no object`, "Describe one, or remove the format.");
    }
    const descriptions = objects.flatMap((value) => readObject(reader, value, owner) ?? []);
    return [{ name: field.key, provider, reads, descriptions, place: reader.placeOf(field.keyAt) }];
  });
}

/** Names appear in configurations, on command lines and in `auto`. */
function checkName(reader: YamlReader, { key, keyAt }: Field): void {
  if (Object.hasOwn(ownFormats, key)) {
    reader.report(keyAt, `format "${key}" is built in`, "Give it another name.");
  } else if (!/^[a-z][a-z0-9_-]{0,63}$/.test(key)) {
    const hint = "Begin with a letter; use a-z, 0-9, - and _, at most 64.";
    reader.report(keyAt, `"${key}" is not a valid name for a format`, hint);
  }
}

/** @returns undefined when it is invalid, which is reported */
function readObject(reader: YamlReader, value: Value, provider: string | undefined): Description | undefined {
  const object = reader.plain(value);
  const read = shapeSchema.safeParse(object);
  if (!read.success) {
    const told = issuesInWords(read.error.issues, { schema: shapeSchema, value: object, what: "an object" });
    for (const { path, ofKey, message, hint } of told) {
      reader.report(reader.within(value, path, ofKey), message, hint);
    }
    return undefined;
  }
  const description = describeShape(read.data, { scope: undefined, provider });
  const lacks = (key: string, hint: string) => reader.report(value.at, `an object lacks "${key}"`, hint);
  if (description.when.length === 0) {
    lacks("when", "Say which members distinguish a receipt of this shape from all others.");
  } else if (description.codes.some(({ scope }) => scope === "")) {
    lacks("scope", "Name the table that its codes belong to, such as `scope: sms_receipt`.");
  } else return description;
  return undefined;
}
