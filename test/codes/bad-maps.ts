/** The small map with a piece replaced, and what must be said of it: `line:column message | hint`. */
interface BadMap {
  readonly name: string;
  readonly change: readonly [from: string, to: string];
  readonly problems: readonly string[];
}

const categories = `categories:
  delivered: { en: Delivered, zh: 已送达 }
  accepted: { en: Accepted, zh: 已受理 }
  unknown: { en: Unknown, zh: 未知 }
  empty_number: { en: Empty number, zh: 空号 }
`;

export const badMaps: readonly BadMap[] = [
  {
    name: "unknown key",
    change: ["kind: receipt", "kind: receipt\n      titel: Twice"],
    problems: ['12:7 unknown key "titel" in acme/sms_receipt | Did you mean `title`?'],
  },
  {
    name: "misspelt key: one problem, not two",
    change: ["outcome: failed", "outcom: failed"],
    problems: ['16:11 unknown key "outcom" in code "012" | Did you mean `outcome`?'],
  },
  {
    name: "key like no other",
    change: ["version: 1", "version: 1\ninclude: other.yaml"],
    problems: [
      '2:1 unknown key "include" in the code map | Use one of: version, categories, providers, tests.',
    ],
  },
  {
    name: "missing key of a code, shown at the code",
    change: ["          fault: recipient\n", ""],
    problems: ['14:9 code "012" lacks "fault" | Add `fault:`.'],
  },
  {
    name: "missing key of a table, shown at the scope",
    change: ["      channel: sms\n", ""],
    problems: ['9:5 acme/sms_receipt lacks "channel" | Add `channel:`.'],
  },
  {
    name: "missing key of the file",
    change: ["version: 1\n", ""],
    problems: ['1:1 the code map lacks "version" | Add `version:`.'],
  },
  {
    name: "no categories: said once, not for every code",
    change: [categories, ""],
    problems: ['1:1 the code map lacks "categories" | Add `categories:`.'],
  },
  {
    name: "wrong version",
    change: ["version: 1", "version: 2"],
    problems: ['1:10 version "2" is not known | This release reads `version: 1`.'],
  },
  {
    name: "unknown category",
    change: ["category: empty_number", "category: empty_numbr"],
    problems: ['15:21 unknown category "empty_numbr" | Did you mean `empty_number`?'],
  },
  {
    name: "unknown outcome",
    change: ["outcome: failed", "outcome: lost_in_space"],
    problems: [
      '16:20 unknown outcome "lost_in_space" | Use one of: delivered, failed, in_progress, accepted, request_rejected, unknown.',
    ],
  },
  {
    name: "unknown fault",
    change: ["fault: recipient", "fault: recipent"],
    problems: ['17:18 unknown fault "recipent" | Did you mean `recipient`?'],
  },
  {
    name: "unknown channel",
    change: ["channel: sms", "channel: pigeon"],
    problems: ['10:16 unknown channel "pigeon" | Use one of: sms, voice.'],
  },
  {
    name: "unknown kind",
    change: ["kind: receipt", "kind: reciept"],
    problems: ['11:13 unknown kind "reciept" | Did you mean `receipt`?'],
  },
  {
    name: "neither yes nor no",
    change: ["retryable: no", "retryable: false"],
    problems: ['18:22 unknown retryable "false" | Use one of: yes, no.'],
  },
  {
    name: "code twice",
    change: ["exp-1:", '"012":'],
    problems: [
      '22:9 duplicate key "012" in the codes of acme/sms_receipt | Remove one: it is already in line 14.',
    ],
  },
  {
    name: "code twice in two spellings",
    change: ["        exp-1:", "        ０１２:"],
    problems: [
      '22:9 duplicate key "０１２" in the codes of acme/sms_receipt | Remove one: it is already in line 14 as "012".',
    ],
  },
  {
    name: "key twice",
    change: ["zh: 空号\n", "zh: 空号\n          zh: 空\n"],
    problems: ['20:11 duplicate key "zh" in code "012" | Remove one: it is already in line 19.'],
  },
  {
    name: "scope twice",
    change: ["    send_api:", "    sms_receipt:"],
    problems: ['23:5 duplicate key "sms_receipt" in provider "acme" | Remove one: it is already in line 9.'],
  },
  {
    name: "mapping for a word",
    change: ["category: empty_number", "category: { is: empty_number }"],
    problems: ["15:21 category must be a single value | Write a single value, not a mapping or a list."],
  },
  {
    name: "word for a mapping",
    change: [
      "exp-1: { category: unknown, outcome: unknown, fault: carrier, retryable: yes, zh: 过期, en: Expired }",
      "exp-1: expired",
    ],
    problems: ['22:16 code "exp-1" must be a mapping | Write lines of `key: value`.'],
  },
  {
    name: "sequence for a key",
    change: ["exp-1: {", "? [exp, 1]\n        : {"],
    problems: [
      "22:11 a key of the codes of acme/sms_receipt must be a single value | Write a single value, not a mapping or a list.",
    ],
  },
  {
    name: "mapping for the tests",
    change: ["tests:\n  - {", "tests:\n  one: {"],
    problems: ["31:3 tests must be a list | Write lines that begin with `- `."],
  },
  {
    name: "nothing under a key",
    change: ["en: Empty number\n", "en:\n"],
    problems: ["20:14 en must not be empty | Write a single value."],
  },
  {
    name: "empty code",
    change: ["exp-1:", '" ":'],
    problems: ["22:9 a code is empty | Remove it: a receipt without a code counts as `_none`."],
  },
  {
    name: "reserved code",
    change: ["exp-1:", "_other:"],
    problems: ['22:9 code "_other" begins with _ | Remove it: labels with that prefix are reserved.'],
  },
  {
    name: "code with a control character",
    change: ["exp-1:", '"exp\\t1":'],
    problems: [
      '22:9 code "exp\\t1" cannot be a label | Use at most 64 characters, without control or invisible characters.',
    ],
  },
  {
    name: "code that is too long",
    change: ["exp-1:", `${"x".repeat(65)}:`],
    problems: [
      '22:9 code "xxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxx" cannot be a label | Use at most 64 characters, without control or invisible characters.',
    ],
  },
  {
    name: "name that is no label",
    change: ["  acme:", "  Acme Inc.:"],
    problems: [
      '8:3 "Acme Inc." is not a valid name for a provider | Begin with a letter; use a-z, 0-9 and _, at most 64.',
      '31:17 unknown provider "acme" | Use one of: Acme Inc..',
    ],
  },
  {
    name: "scope that is derived",
    change: ["    send_api:", "    api:"],
    problems: ['23:5 scope "api" is reserved | Remove it: it is built from the API tables.'],
  },
  {
    name: "API table without its API",
    change: ["      api: acme.send\n", ""],
    problems: ['23:5 acme/send_api lacks "api" | Add `api:` with the API that returns these codes.'],
  },
  {
    name: "receipts of an API",
    change: ["title: SMS receipts", "title: SMS receipts\n      api: acme.send"],
    problems: ["13:7 acme/sms_receipt is for receipts but names an API | Remove it or write `kind: api`."],
  },
  {
    name: "missing category that a flag alone leads to",
    change: ["  delivered: { en: Delivered, zh: 已送达 }\n", ""],
    problems: ['2:1 categories lacks "delivered" | Add `delivered:`: a flag alone can lead to it.'],
  },
  {
    name: "no category at all: said once, not for every code",
    change: [categories, "categories: {}\n"],
    problems: ["delivered", "accepted", "unknown"].map(
      (name) => `2:1 categories lacks "${name}" | Add \`${name}:\`: a flag alone can lead to it.`,
    ),
  },
  {
    name: "no line number",
    change: ["note: Not 12", "seed_line: six"],
    problems: ['21:22 seed_line "six" is not a line number | Write a whole number of 1 or more.'],
  },
  {
    name: "test of a provider that is not there",
    change: ["provider: acme", "provider: acne"],
    problems: ['31:17 unknown provider "acne" | Did you mean `acme`?'],
  },
  {
    name: "test of a scope that is not there",
    change: ["scope: sms_receipt", "scope: sms_reciept"],
    problems: ['31:30 unknown scope "sms_reciept" | Did you mean `sms_receipt`?'],
  },
  {
    name: "test with what is no flag, and without an outcome",
    change: ["flag: failed, category: empty_number, outcome: failed", "flag: FAIL, category: empty_number"],
    problems: [
      '31:5 a test lacks "outcome" | Add `outcome:`.',
      '31:60 unknown flag "FAIL" | Did you mean `failed`?',
    ],
  },
];

export const danglingAlias =
  "alias without an anchor before it | Define the anchor before its first use; quote text that begins with `*`.";

const emptyMap = "1:1 the code map is empty | Write lines of `key: value`, or uncomment those you need.";

/** Whole files. */
export const badFiles: readonly { name: string; text: string; problems: readonly string[] }[] = [
  {
    name: "empty file",
    text: "",
    problems: [emptyMap],
  },
  {
    name: "file with a comment only",
    text: "# nothing\n",
    problems: [emptyMap],
  },
  {
    name: "list",
    text: "- a\n",
    problems: ["1:1 the code map must be a mapping | Write lines of `key: value`."],
  },
  {
    name: "no provider",
    text: `version: 1\n${categories}providers: {}\ntests: [{ provider: acme }]\n`,
    problems: [
      "7:1 providers has no table | Add a provider with a scope.",
      ...["scope", "code", "flag", "category", "outcome"].map(
        (key) => `8:9 a test lacks "${key}" | Add \`${key}:\`.`,
      ),
    ],
  },
  {
    name: "unclosed bracket",
    text: "version: 1\ncategories: [\nproviders: {}\n",
    problems: [
      "3:1 not valid YAML: Flow sequence in block collection must be sufficiently indented and end with a ] | Look at the indentation, colons and quotes around it.",
    ],
  },
  {
    name: "tab",
    text: "version: 1\ncategories:\n\tdelivered: {}\n",
    problems: [
      "3:1 not valid YAML: Tabs are not allowed as indentation | Look at the indentation, colons and quotes around it.",
    ],
  },
  {
    name: "two syntax errors",
    text: "a: b: c\nd: e: f\n",
    problems: [
      "1:4 not valid YAML: Nested mappings are not allowed in compact mappings | Look at the indentation, colons and quotes around it.",
      "2:4 not valid YAML: Nested mappings are not allowed in compact mappings | Look at the indentation, colons and quotes around it.",
    ],
  },
  {
    name: "two documents",
    text: "version: 1\n---\nversion: 1\n",
    problems: [
      "2:1 not valid YAML: Source contains multiple documents | Look at the indentation, colons and quotes around it.",
    ],
  },
  {
    name: "tag",
    text: "version: !!int 1\n",
    problems: ["1:10 not valid YAML: Unresolved tag | Look at the indentation, colons and quotes around it."],
  },
  {
    name: "alias without its anchor",
    text: "version: *one\n",
    problems: [`1:10 ${danglingAlias}`],
  },
];
