import { describe, expect, it } from "vitest";
import { redactMap } from "../../src/codes/redact.ts";

const shown = (line: string) => redactMap(`version: 1\n${line}\n`)?.(line, 11).text;

describe("of a code map is shown", () => {
  it.each([
    { name: "a line as it is", line: "  delivered: { en: Delivered } # as sent", text: undefined },
    {
      name: "nothing behind a secret's key",
      line: "db_passwd: hunter2 # hunter2",
      text: "db_passwd: (hidden)",
    },
    {
      name: "nothing behind one with quotes",
      line: '{a: 1, "my_token" : hunter2}',
      text: '{a: 1, "my_token" : (hidden)',
    },
    { name: "what only speaks of secrets", line: "en: The password is wrong", text: undefined },
  ])("$name", ({ line, text = line }) => {
    expect(shown(line)).toBe(text);
  });

  it.each(["hunter2\n", "sasl: {pasword: hunter2}\n", "- hunter2: hunter2\n"])(
    "nothing when it is none: %j",
    (text) => {
      expect(redactMap(text)).toBeUndefined();
    },
  );
});
