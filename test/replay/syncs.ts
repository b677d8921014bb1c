import { fstatSync, readdirSync, readFileSync } from "node:fs";
import { type FileHandle, open } from "node:fs/promises";
import { join } from "node:path";
import { onTestFinished, vi } from "vitest";

/** What was put on disk, and what the folder held at that moment, by the names of its files. */
export interface Sync {
  readonly of: "a file" | "the folder";
  readonly held: Readonly<Record<string, string>>;
}

/**
 * Takes note of every sync until the test ends. Only a power failure would show that one is missing, so the handle's
 * own function is listened to; it goes on to do its work, or fails as `failing` says.
 *
 * @param folder what it holds is read at each sync; the random part of a name is left out
 */
export async function watchSyncs(
  folder: string,
  failing: (of: Sync["of"]) => Error | undefined = () => undefined,
): Promise<readonly Sync[]> {
  const syncs: Sync[] = [];
  const handle = await open(folder);
  const prototype = Object.getPrototypeOf(handle) as FileHandle;
  await handle.close();
  const { sync } = prototype;
  const spy = vi.spyOn(prototype, "sync").mockImplementation(async function (this: FileHandle) {
    const of = fstatSync(this.fd).isDirectory() ? "the folder" : "a file";
    const names = readdirSync(folder).sort();
    const shown = (name: string) => name.replace(/\.[0-9a-f]{8}\./, ".*.");
    const held = names.map((name) => [shown(name), readFileSync(join(folder, name), "latin1")] as const);
    syncs.push({ of, held: Object.fromEntries(held) });
    const failure = failing(of);
    if (failure !== undefined) throw failure;
    await sync.call(this);
  });
  onTestFinished(() => spy.mockRestore());
  return syncs;
}
