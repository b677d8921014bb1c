/** Number n of the codes of {@link largeMapText}. */
export const codeOf = (n: number) => `L${n}`;

/** The category of number n. */
export const categoryOf = (n: number, categories: number) => `kind_${n % categories}`;

/** A code map of so many codes of SMS receipts, in so many categories. */
export function largeMapText(codes: number, categories: number): string {
  const kinds = Array.from({ length: categories }, (_, n) => categoryOf(n, categories));
  const names = ["delivered", "accepted", "unknown", ...kinds];
  // what a code of each category has said is not parsed again for the others
  const rows = Array.from({ length: codes }, (_, n) => {
    const category = categoryOf(n, categories);
    const verdict = `category: ${category}, outcome: failed, fault: carrier, retryable: no`;
    const entry = n < categories ? `&${category} { ${verdict}, zh: 码, en: Code }` : `*${category}`;
    return `        ${codeOf(n)}: ${entry}`;
  });
  return [
    "version: 1",
    "categories:",
    ...names.map((name) => `  ${name}: { en: ${name}, zh: ${name} }`),
    "providers:",
    "  aliyun:",
    "    sms_receipt:",
    "      channel: sms",
    "      kind: receipt",
    "      title: Codes",
    "      codes:",
    ...rows,
    "tests:",
    "  - { provider: aliyun, scope: sms_receipt, code: L0, flag: failed, category: kind_0, outcome: failed }",
    "",
  ].join("\n");
}
