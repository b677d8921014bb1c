// Positions in the memory. `../memory.ts` has the same.

/** Of the last walk: the hash of the members that were seen, and how many members the object has. */
export const hashAt: usize = 0;
export const totalAt: usize = 8;

/** Where the next unescaped text of a record goes, and the end of its area. */
export const unescapedAt: usize = 12;
export const unescapedToAt: usize = 16;

/** The block of the object that reading stopped at, since it is not known; see `read.ts`. */
export const unknownAt: usize = 20;

/** Sixteen masks of 16 bytes: mask n keeps the first n bytes. */
export const masksAt: usize = 64;

/** For each letter the byte that it stands for after a backslash; 0 for none, and for `u`. */
export const escapedAt: usize = 320;

/** What `readRun` is asked, and what it read; see `run.ts`. */
export const runAt: usize = 640;

/** For each byte whether a string that starts with it may contain JSON. */
export const startsAt: usize = 704;

/** Where the values beside the receipts of a record are: eight times a start and an end; see `dimensions.ts`. */
export const besideAt: usize = 960;

/** For each byte sixteen of it: 4 KiB; see `bytes.ts`. */
export const spreadAt: usize = 0x1c4000;

/** Objects and arrays that were skipped, see `skipped.ts`: 32 KiB. */
export const skippedAt: usize = 0x1c8000;

/** The sets of members that are known, and the receipts: the first of each chain, by hash; see `known.ts`. */
export const setHeadsAt: usize = 0x1d0000;
export const setHeads: i32 = 1024;
export const knownHeadsAt: usize = 0x1d1000;
export const knownHeads: i32 = 4096;

/** The known dates, by hash: 32 bytes each; see `times.ts`. */
export const datesAt: usize = 0x1d5000;
export const dates: i32 = 64;

/** The sets of stencils, by the kind of object and its beginning, and the stencils: 128 KiB; see `stencil.ts`. */
export const stencilSetsAt: usize = 0x1d5800;
export const stencilsAt: usize = 0x202000;

/** The records of a batch. */
export const heldAt: i32 = 0x27e000;

/** Which bytes are not plain text: a bit for each position up to here; see `specials.ts`. */
export const bitsAt: usize = 0x390000;

/** What was read: five columns with an entry for each receipt, and the times that are left; see `columns.ts`. */
export const mostReceipts: i32 = 2048;
export const numbersAt: usize = 0x1d6000;
export const offsetsAt: usize = 0x1d8000;
export const recordedAt: usize = 0x1da000;
export const sentAt: usize = 0x1de000;
export const receivedAt: usize = 0x1e2000;
export const leftTimesAt: usize = 0x1e6000;
export const mostLeftTimes: i32 = 4096;

/** Where the values of dimensions are, of one receipt after the other: a start and an end each; see `dimensions.ts`. */
export const valuesAt: usize = 0x1f2000;
export const mostValues: i32 = 8192;

/** Not a value that JSON.parse would accept, or left to JSON.parse. */
export const broken: i32 = -1;
