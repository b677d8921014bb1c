// The start of the memory, where a walk leaves its results. `../memory.ts` has the same positions.

/** Of the last walk: the object's members, the ids that were seen, and their hash. */
export const totalAt: usize = 0;
export const countAt: usize = 4;
export const hashAt: usize = 8;

/** Where the next unescaped text of a record goes, and the end of its area. */
export const unescapedAt: usize = 12;
export const unescapedToAt: usize = 16;

/** Sixteen masks of 16 bytes: mask n keeps the first n bytes. */
export const masksAt: usize = 64;

/** For each letter the byte that it stands for after a backslash; 0 for none, and for `u`. */
export const escapedAt: usize = 320;

/** Not a value that JSON.parse would accept, or left to JSON.parse. */
export const broken: i32 = -1;
