import { mainModule } from "../lab/exporter.ts";

/** A shell function `npx`, so that an example written `npx dlr-exporter …` runs these sources on this Node.js. */
export const npxHere = `npx() { shift; "${process.execPath}" "${mainModule}" "$@"; }`;
