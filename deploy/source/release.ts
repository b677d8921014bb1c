import { readFile, writeFile } from "node:fs/promises";
import manifest from "../../package.json" with { type: "json" };
import { writeDeployFiles } from "./files.ts";

// `npm version` has written package.json and the lock file; here is everything else that names the version.
const { version } = manifest;
const before = process.env.npm_old_version ?? "";
const today = new Date().toISOString().slice(0, 10);

const places = [
  { file: "Dockerfile", from: `image.version="${before}"`, to: `image.version="${version}"` },
  {
    file: "deploy/kubernetes/example/kustomization.yaml",
    from: `newTag: ${before}`,
    to: `newTag: ${version}`,
  },
  { file: "docs/operations.md", from: `dlr-exporter:${before}`, to: `dlr-exporter:${version}` },
  { file: "CHANGELOG.md", from: "## Unreleased\n", to: `## Unreleased\n\n## ${version} - ${today}\n` },
];

const texts = await Promise.all(
  places.map(async ({ file, from, to }) => {
    const place = new URL(`../../${file}`, import.meta.url);
    const text = await readFile(place, "utf8");
    if (!text.includes(from)) throw new Error(`${file} has no ${JSON.stringify(from)}`);
    return { place, text: text.replace(from, to) };
  }),
);
for (const { place, text } of texts) await writeFile(place, text);
await writeDeployFiles();
