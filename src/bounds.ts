/**
 * The bounds of what is taken from strangers. Each is far above what receipts need, and low enough that none of it fills
 * the memory of a small container. The README's table of limits says what happens beyond.
 */

/** To how much a compressed record batch may unpack, in bytes. A larger one is counted as `too_large` and passed. */
export const largestBatch = 128 * 1024 * 1024;

/** How long a record's value may be, in bytes. A longer one is counted as `too_large`, unread. */
export const largestValue = 16 * 1024 * 1024;

/** How much of a receipt's code is looked at, in UTF-16 units: no table lists a longer one, and its label shows 64. */
export const longestCode = 256;

/** How many codes of a partition are remembered with where they count; past it the memory of them starts anew. */
export const rememberedCodes = 4096;
