import { loadCodeMap } from "../../src/codes/load.ts";
import { packagedMap, sourcesOf } from "../../src/codes/map-files.ts";
import { formatNames } from "../../src/config/formats.ts";

const loaded = await loadCodeMap(sourcesOf(packagedMap));
if ("problems" in loaded) throw new Error(JSON.stringify(loaded.problems, undefined, 2));

/** What the packs that come with the program describe, in the order in which `auto` asks. */
export const described = loaded.formats.formats;

/** What a topic may name. */
export const formats = formatNames(described);
