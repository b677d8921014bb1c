export { lz4 } from "./lz4";
export { snappy } from "./snappy";
