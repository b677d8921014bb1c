import type { RecordShape } from "../decode.ts";
import type { DimensionValues } from "../dimensions/dimension-values.ts";
import { ignored } from "../formats/ignored.ts";
import { answerNames, mayBeAnswer } from "../formats/top-response.ts";
import { readsAnswers, shapesOf } from "../shapes.ts";
import { compileScan, type RecordScanner } from "./scan.ts";

/** The scanner for a topic's records; undefined if they are not UTF-8, since none reads those. */
export function scannerOf(shape: RecordShape, values?: DimensionValues): RecordScanner | undefined {
  if (shape.charset !== undefined && shape.charset !== "utf-8") return undefined;
  const hasAnswers = readsAnswers(shape);
  return compileScan({
    candidates: [
      { left: shape.ignore },
      ...shapesOf(shape, values),
      { left: ignored.flatMap(({ when }) => when) },
      { left: hasAnswers ? mayBeAnswer : [] },
    ],
    leftNames: hasAnswers ? answerNames : "",
    at: shape.at,
    values,
  });
}
