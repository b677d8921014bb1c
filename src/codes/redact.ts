import { hiddenBehind, type Redact, whole } from "../yaml/redact.ts";

/** A key that contains one of these words. It checks each word once: a line may be one long word. */
const secretKey = /(?<!\w)(?=\w*?(?:passw|pasw|secret|token|credential))\w+["']?\s*:/i;

/**
 * Redacts a code map for display: everything but apparent secrets may be shown. Nothing is shown of a file that is
 * not a code map: it might be a password file.
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
