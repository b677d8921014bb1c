/**
 * The bounds of what is taken from strangers, and of code maps and configuration files. Each is far above what is
 * needed, and low enough that nothing fills the memory of a small container or stops it. The table of limits in docs/operations.md says
 * what happens beyond. Those of HTTP clients are in `http/limits.ts`.
 */

/** To how much a compressed record batch may unpack, in bytes. A larger one is counted as `too_large` and passed. */
export const largestBatch = 128 * 1024 * 1024;

/** How long a record's value may be, in bytes. A longer one is counted as `too_large`, unread. */
export const largestValue = 16 * 1024 * 1024;

/** How much of a receipt's code is looked at, in UTF-16 units: no table lists a longer one, and its label shows 64. */
export const longestCode = 256;

/** How many codes of a partition are remembered with where they count; past it the memory of them starts anew. */
export const rememberedCodes = 4096;

/**
 * From how many listed codes on a topic's tables are many: then each category and outcome has a series at 0 from the
 * start, and a code one of its own when it first occurs. Little on a page for 64 partitions.
 */
export const manyCodes = 320;

/** How many arrays and frames may lie around a receipt: the most that is sent is five. */
export const deepestFrame = 8;

/**
 * How much is looked into for the receipts of one record, in UTF-16 units of text: each text in it that is opened, and
 * what that unpacks to, once more for each frame. Half a second's work; a value of the largest size may lie in strings
 * within strings.
 */
export const mostOpened = 4 * largestValue;

/** How far ahead of the machine's clock, or of its record, an event is believed to be: clocks differ. In ms. */
export const clockTolerance = 600_000;

/** How long a delivery may have taken, in ms: carriers try for three days. Beyond it a wrong clock timed it. */
export const longestDelay = 30 * 86_400_000;

/**
 * How many steps a replay may count: two years of minutes. A hundred codes that come in each of them take less than a
 * gigabyte.
 */
export const mostSteps = 1_100_000;

/** How large a file of a code map may be, in bytes: two hundred times the packaged one, room for 20,000 codes with their words. */
export const largestMap = 8 * 1024 * 1024;

/** So many problems of what somebody has configured are told at once; of more, how many more there are. */
export const mostProblems = 1_000;

/**
 * How large a configuration file may be, and each file that it names but the code map, in bytes: a bundle of all public
 * authorities' certificates has a quarter of it.
 */
export const largestSetting = 1024 * 1024;

/**
 * How deep mappings and sequences may lie within each other in a file: more than any of ours needs, and far less than
 * the stack holds.
 */
export const deepestNesting = 64;

/** How many aliases a file may have: one for each of ten thousand codes. */
export const mostAliases = 10_000;

/** For how many keys and values the aliases of a file may stand in all, each counted wherever an alias repeats it. */
export const mostAliasedNodes = 500_000;
