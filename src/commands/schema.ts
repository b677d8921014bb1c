import { mapSchema, packSchema } from "../codes/file-schema.ts";
import { fileSchema } from "../config/schema.ts";
import { didYouMean } from "../diagnostics.ts";
import { jsonSchemaOf } from "../schema/json-schema.ts";
import { type Command, UsageError } from "./command.ts";
import { parseFlags } from "./flags.ts";

/** The file kinds, each with its description and its reader. */
const files = {
  config: { title: "The configuration of dlr-exporter", schema: fileSchema },
  "code-map": { title: "A code map of dlr-exporter", schema: mapSchema },
  provider: { title: "A provider pack of dlr-exporter", schema: packSchema },
} as const;

/** `schema`: prints the JSON Schema of a file kind, for editors. */
export const schemaCommand: Command = {
  name: "schema",
  summary: "prints the JSON Schema of a configuration file, code map or provider pack",
  usage: "config|code-map|provider",
  flags: [],
  words: { config: "nothing", "code-map": "nothing", provider: "nothing" },
  notes: `Editors complete and check a YAML file whose first line names its schema:
# yaml-language-server: $schema=PATH
The shipped files name the schemas in config/schema/. Rules across files, such as whether the code map has a category,
are checked only by the command check.

Examples:
  dlr-exporter schema config
  dlr-exporter schema provider > provider.json
`,
  async run(args, io) {
    const { positionals } = parseFlags([], args);
    const [name, extra] = positionals;
    const names = Object.keys(files);
    if (name === undefined || extra !== undefined)
      throw new UsageError(`schema takes one of ${names.join(", ")}`);
    if (!isFile(name)) {
      const meant = didYouMean(name, names);
      const hint = meant === undefined ? `use ${names.join(", ")}` : `did you mean ${meant}?`;
      throw new UsageError(`unknown schema ${name}; ${hint}`);
    }
    const { schema, title } = files[name];
    io.stdout.write(`${JSON.stringify(jsonSchemaOf(schema, title), undefined, 2)}\n`);
    return 0;
  },
};

function isFile(name: string): name is keyof typeof files {
  return Object.hasOwn(files, name);
}
