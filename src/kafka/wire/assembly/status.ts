/** What a block can't be unpacked for, instead of where its content ends. See `Workspace`. */
export const truncated: i32 = -1;
export const badOffset: i32 = -2;
/** It needs more room: the same block may be tried again. */
export const noRoom: i32 = -3;
