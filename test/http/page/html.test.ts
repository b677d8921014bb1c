import { expect, it } from "vitest";
import { Html, html, name } from "../../../src/http/page/html.ts";

it("escapes every value, and takes the template as it is", () => {
  expect(html`<a title="${`"'<>&`}">${"<b>"} ${3}</a>`.text).toBe(
    '<a title="&#34;&#39;&#60;&#62;&#38;">&#60;b&#62; 3</a>',
  );
});

it("takes pieces that it made itself, alone or several, and undefined as nothing", () => {
  const rows = ["a", "<"].map((text) => html`<li>${text}</li>`);
  expect(html`<ul>${rows}</ul>${undefined}${new Html("<hr>")}`.text).toBe(
    "<ul><li>a</li><li>&#60;</li></ul><hr>",
  );
});

it.each([
  ["a right-to-left override", "abc\u202Edlrow", "abc\\u{202e}dlrow"],
  ["an isolate", "\u2067x", "\\u{2067}x"],
  ["what nobody sees", "a\u200B\u0000\u001B\u2028b", "a\\u{200b}\\u{0}\\u{1b}\\u{2028}b"],
  ["half a pair", "a\uD83D", "a\\u{d83d}"],
  ["a private character", "\uE000", "\\u{e000}"],
])("shows %s as what it is", (_, text, shown) => {
  expect(html`${text}`.text).toBe(shown);
});

it("leaves ends of lines, letters of any script and pictures", () => {
  expect(html`${"空号\nשלום 😀"}`.text).toBe("空号\nשלום 😀");
});

it("keeps a name from moving what stands beside it", () => {
  expect(name("<שלום>").text).toBe("<bdi>&#60;שלום&#62;</bdi>");
});
