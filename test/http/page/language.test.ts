import { expect, it } from "vitest";
import { languageOf } from "../../../src/http/page/language.ts";

it.each([
  [undefined, "en"],
  ["", "en"],
  ["zh", "zh"],
  ["zh-CN,zh;q=0.9,en;q=0.8", "zh"],
  ["ZH-hant-TW", "zh"],
  ["en-GB,en;q=0.9,zh-CN;q=0.8", "en"],
  ["fr, zh;q=0.2", "zh"],
  ["fr, de;q=0.5", "en"],
  ["*", "en"],
  ["zh, *", "zh"],
  ["en;q=0, *", "zh"],
  ["en;q=0.5, *;q=0.7", "zh"],
  ["zh;q=0", "en"],
  ["zh;q=0.000, en;q=0.001", "en"],
  ["zh, en", "zh"],
  ["en, zh", "en"],
  ["en;q=0.5, zh;q=0.5", "en"],
  ["zh;q=0.5, en;q=0.5", "zh"],
  ["zh;q=1.5", "en"],
  ["zh;q=-1, en;q=0.1", "en"],
  ["zh;q=high, en;q=0.1", "en"],
  ["zhx, ench", "en"],
  [" zh-CN ; q=0.7 , en ; q=0.6", "zh"],
  [",;q=,,=;;zh", "en"],
])("Accept-Language %j: %s", (accepted, language) => {
  expect(languageOf(accepted, null)).toBe(language);
});

it.each([
  ["zh", "en", "zh"],
  ["en", "zh", "en"],
  ["fr", "zh", "zh"],
  ["", "zh", "zh"],
  ["zh-CN", "en", "en"],
])("?lang=%s with Accept-Language %s: %s", (asked, accepted, language) => {
  expect(languageOf(accepted, asked)).toBe(language);
});
