import { expect, it } from "vitest";
import { codecs } from "../lab/producers.ts";
import { help, parts, readOptions, shapesOf } from "./options.ts";
import { shapeNames } from "./shapes.ts";
import { producerNames, usual } from "./workload.ts";

/** The options of a line that is right. */
function optionsOf(...args: string[]) {
  const options = readOptions(args);
  if (options === undefined) throw new Error("help was asked for");
  return options;
}

it.each([
  { args: ["--messages", "0"], told: "--messages takes a whole number" },
  { args: ["--codes", "1"], told: "--codes takes a whole number from 2 on" },
  { args: ["--codecs", "lz4,rar"], told: '--codecs is one of none, gzip, snappy, lz4, zstd, not "rar"' },
  { args: ["--producers", "sarama"], told: "--producers is one of kafkajs, kcat, java, franz-go" },
  { args: ["--shapes", "tmc-sms,xml"], told: "--shapes is one of tmc-sms, " },
  { args: ["--batches", "16384,1"], told: "--batches takes a whole number from 1024 on" },
  { args: ["--rounds", "2x"], told: "--rounds takes a whole number" },
  { args: ["--round", "2"], told: "--round" },
  {
    args: ["codec"],
    told: 'a part is one of shapes, batches, start, steady, grow, scrape, workers, java, not "codec"',
  },
])("refuses $args", ({ args, told }) => {
  expect(() => readOptions(args)).toThrow(told);
});

it("measures every shape and every batch when nothing is chosen", () => {
  const options = optionsOf();
  expect(options).toMatchObject({
    parts: ["shapes", "batches", "start", "steady"],
    base: usual,
    batches: { producers: [...producerNames], codecs: [...codecs], sizes: [16_384, 1_048_576] },
    rounds: 3,
  });
  expect(shapesOf(options, "shapes")).toEqual(shapeNames);
  expect(shapesOf(options, "batches")).toEqual(["foreign"]);
  expect(shapesOf(options, "java")).toEqual(["foreign"]);
  expect(shapesOf(options, "grow")).toEqual(["tmc-sms"]);
});

it("measures what is chosen", () => {
  const size = ["--messages", "50", "--partitions", "2", "--codes", "7", "--rounds", "1"];
  const batches = ["--codecs", "zstd,lz4", "--producers", "kcat", "--batches", "2048"];
  const options = optionsOf(
    "grow",
    "batches",
    ...size,
    ...batches,
    "--shapes",
    "form,json",
    "--results",
    "x.md",
  );
  expect(options).toEqual({
    parts: ["batches", "grow"],
    base: { ...usual, messages: 50, partitions: 2, codes: 7, distinct: 7 },
    shapes: ["form", "json"],
    batches: { producers: ["kcat"], codecs: ["lz4", "zstd"], sizes: [2048] },
    rounds: 1,
    results: "x.md",
  });
  for (const part of parts) expect(shapesOf(options, part)).toEqual(["form", "json"]);
  expect(shapesOf(optionsOf("batches", "--shapes", "all"), "batches")).toEqual(shapeNames);
});

it("helps with every part, shape, producer and codec", () => {
  expect(readOptions(["--help", "--rounds", "2x"])).toBeUndefined();
  for (const name of [...parts, ...shapeNames]) expect(help).toMatch(new RegExp(`^  ${name} +\\S`, "m"));
  for (const name of [...producerNames, ...codecs]) expect(help).toContain(name);
});
