import { expect, it } from "vitest";
import { fields } from "../../src/config/fields.ts";
import { readPage } from "./pages.ts";
import { settingsReference } from "./settings-reference.ts";

it("has a row for every key, flag and variable", () => {
  const reference = settingsReference();
  for (const { key, env, flag, secret } of fields) {
    if (!secret) expect(reference).toContain(`| \`${key}\` |`);
    if (env !== undefined) expect(reference).toContain(`\`${env}\``);
    if (flag !== undefined) expect(reference).toContain(`\`--${flag.name} `);
  }
});

it("offers no key for a secret", () => {
  expect(settingsReference()).not.toContain("`sasl.password`");
});

it("is what docs/configuration.md says", () => {
  const block = /<!-- settings:begin -->\n([\s\S]*?)\n<!-- settings:end -->/.exec(
    readPage("docs/configuration.md"),
  );
  expect(block?.[1]).toBe(settingsReference());
});
