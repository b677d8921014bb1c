/**
 * Limits of untrusted input, and of code maps and configuration files. Each is far above what is needed, and low
 * enough that nothing exhausts the memory of a small container or blocks it. The table of limits in
 * docs/operations.md says what happens beyond. Limits of HTTP clients are in `http/limits.ts`.
 */

/** Unpacked size of a record batch, in bytes. A larger one counts as `too_large` and is skipped. */
export const largestBatch = 128 * 1024 * 1024;

/** Size of a record's value, in bytes. A larger one counts as `too_large` and is not parsed. */
export const largestValue = 16 * 1024 * 1024;

/** Length of a receipt's code, in UTF-16 units: no table lists a longer one, and its label shows 64. */
export const longestCode = 256;

/** How many codes of a partition are cached with their counters; beyond that the cache starts over. */
export const rememberedCodes = 4096;

/**
 * From this many listed codes in a topic's tables, each category and outcome has a series at 0 from the start, and a
 * code gets its own when it first occurs. Even for 64 partitions that adds little to a page.
 */
export const manyCodes = 320;

/** How many arrays and frames may be around a receipt: five are the most in practice. */
export const deepestFrame = 8;

/**
 * How much text of one record is searched for receipts, in UTF-16 units: each embedded text that is parsed, and what
 * it unpacks to, counted again for each frame. That is half a second of work; without it, a value of the largest size
 * could consist of strings within strings.
 */
export const mostOpened = 4 * largestValue;

/** How far an event may be ahead of the machine's clock, or of its record: clocks differ. In ms. */
export const clockTolerance = 600_000;

/** The longest plausible delay, in ms: carriers retry for three days. Anything longer is due to a wrong clock. */
export const longestDelay = 30 * 86_400_000;

/**
 * How many steps a replay may count: two years of minutes. A hundred codes in each of them take less than a gigabyte.
 */
export const mostSteps = 1_100_000;

/** Size of a code map file, in bytes: two hundred times the packaged one, enough for 20,000 codes with their texts. */
export const largestMap = 8 * 1024 * 1024;

/** How many problems with an operator's files are reported at once; for more only their number is shown. */
export const mostProblems = 1_000;

/**
 * Size of a configuration file, and of each file that it names except the code map, in bytes: four times a bundle of
 * all public CA certificates.
 */
export const largestSetting = 1024 * 1024;

/**
 * How deep mappings and sequences may be nested in a file: deeper than any of ours, and far less than would overflow
 * the stack.
 */
export const deepestNesting = 64;

/** How many aliases a file may have: one for each of ten thousand codes. */
export const mostAliases = 10_000;

/** How many keys and values a file's aliases may expand to in total. */
export const mostAliasedNodes = 500_000;
