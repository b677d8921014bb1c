import { writeDeployFiles } from "./files.ts";

await writeDeployFiles();
