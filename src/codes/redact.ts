import { hiddenBehind, type Redact, whole } from "../yaml/redact.ts";

/** A key with one of the words in it. It looks at each word once: a line may be one long word. */
const secretKey = /(?<!\w)(?=\w*?(?:passw|pasw|secret|token|credential))\w+["']?\s*:/i;

/**
 * What may be shown of a code map: all but what looks like a secret in it. A file that is none may be anything, a
 * password's file too, and nothing of it is shown.
 *
 * @param text the file's
 */
export function redactMap(text: string): Redact | undefined {
  if (!/^["']?(?:version|categories|providers?|scopes|tests)["']?\s*:/m.test(text)) return undefined;
  return (line) => {
    const secret = secretKey.exec(line);
    return secret === null ? whole(line) : hiddenBehind(`${line.slice(0, secret.index)}${secret[0]} `);
  };
}
