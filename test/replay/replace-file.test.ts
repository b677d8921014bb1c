import { execFileSync, spawnSync } from "node:child_process";
import { chmod, mkdtemp, readdir, readFile, rm, symlink, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join, resolve } from "node:path";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { FileError, replaceFile } from "../../src/replay/replace-file.ts";
import { watchSyncs } from "./syncs.ts";

const never = new AbortController().signal;
let folder: string;

beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), "dlr-replace-"));
  await writeFile(join(folder, "old.om"), "old");
});
afterEach(async () => {
  await rm(folder, { recursive: true });
});

function chunks(...texts: string[]): Buffer[] {
  return texts.map((text) => Buffer.from(text));
}

/** Every file in the folder and what is in it. */
async function files(): Promise<Record<string, string>> {
  const names = await readdir(folder);
  const texts = await Promise.all(names.map((name) => readFile(join(folder, name), "utf8")));
  return Object.fromEntries(names.map((name, index) => [name, texts[index] ?? ""]));
}

describe("a file", () => {
  it("is made", async () => {
    await replaceFile(join(folder, "new.om"), chunks("a", "b"), never);
    expect(await files()).toEqual({ "old.om": "old", "new.om": "ab" });
  });

  it("is replaced", async () => {
    await replaceFile(join(folder, "old.om"), chunks("new"), never);
    expect(await files()).toEqual({ "old.om": "new" });
  });

  it("is replaced where a link leads", async () => {
    await symlink("old.om", join(folder, "link.om"));
    await replaceFile(join(folder, "link.om"), chunks("new"), never);
    expect(await files()).toEqual({ "old.om": "new", "link.om": "new" });
  });

  it("is as it was until the new one is whole", async () => {
    const seen: Record<string, string>[] = [];
    const slow = {
      *[Symbol.iterator]() {
        yield Buffer.from("half");
        seen.push({ "old.om": execFileSync("cat", [join(folder, "old.om")], { encoding: "utf8" }) });
        yield Buffer.from("whole");
      },
    };
    await replaceFile(join(folder, "old.om"), slow, never);
    expect(seen).toEqual([{ "old.om": "old" }]);
    expect(await files()).toEqual({ "old.om": "halfwhole" });
  });
});

describe("a loss of power", () => {
  const coded = (code: string) => Object.assign(new Error(code), { code, syscall: "fsync" });

  it("meets no name without its bytes: those are on disk before it is given, and then the name is", async () => {
    const syncs = await watchSyncs(folder);
    await replaceFile(join(folder, "old.om"), chunks("a", "b"), never);
    expect(syncs).toEqual([
      { of: "a file", held: { "old.om": "old", "old.om.*.partial": "ab" } },
      { of: "the folder", held: { "old.om": "ab" } },
    ]);
  });

  it.each(["EACCES", "EPERM", "EISDIR", "EINVAL", "ENOTSUP"])(
    "is left to the system where a folder can't be put on disk: %s",
    async (code) => {
      const syncs = await watchSyncs(folder, (of) => (of === "the folder" ? coded(code) : undefined));
      await replaceFile(join(folder, "old.om"), chunks("new"), never);
      expect(syncs).toHaveLength(2);
      expect(await files()).toEqual({ "old.om": "new" });
    },
  );

  it("is left to the system where the folder may be written, but not read", async () => {
    await chmod(folder, 0o333);
    await asNobody(() => replaceFile(join(folder, "new.om"), chunks("new"), never));
    await chmod(folder, 0o755);
    expect(await files()).toEqual({ "old.om": "old", "new.om": "new" });
  });

  it.each(["a file", "the folder"] as const)(
    "is told of, where the disk fails to take %s",
    async (failing) => {
      await watchSyncs(folder, (of) => (of === failing ? coded("EIO") : undefined));
      const file = join(folder, "old.om");
      await expect(replaceFile(file, chunks("new"), never)).rejects.toThrow(
        new FileError(`cannot write ${file}: EIO`),
      );
      expect(await files()).toEqual({ "old.om": failing === "a file" ? "old" : "new" });
    },
  );
});

describe("what was there stays, and nothing else", () => {
  it("when the content fails", async () => {
    function* failing() {
      yield Buffer.from("half");
      throw new RangeError("no more");
    }
    await expect(replaceFile(join(folder, "old.om"), failing(), never)).rejects.toThrow(RangeError);
    expect(await files()).toEqual({ "old.om": "old" });
  });

  it("after an abort in the middle", async () => {
    const abort = new AbortController();
    function* aborting() {
      yield Buffer.from("half");
      abort.abort();
      yield Buffer.from("whole");
    }
    const writing = replaceFile(join(folder, "old.om"), aborting(), abort.signal);
    await expect(writing).rejects.toMatchObject({ name: "AbortError" });
    expect(await files()).toEqual({ "old.om": "old" });
  });

  it("after an abort before", async () => {
    const writing = replaceFile(join(folder, "old.om"), chunks("new"), AbortSignal.abort());
    await expect(writing).rejects.toMatchObject({ name: "AbortError" });
    expect(await files()).toEqual({ "old.om": "old" });
  });

  it("when the disk takes no more", async () => {
    const program = `
      import { replaceFile } from ${JSON.stringify(resolve("src/replay/replace-file.ts"))};
      const chunk = Buffer.alloc(64 * 1024);
      await replaceFile(process.argv[1], Array(64).fill(chunk), new AbortController().signal)
        .catch((error) => console.log(error.name, error.message));`;
    const file = join(folder, "old.om");
    // A shell's limit on the size of files, 1 MiB, stands for a disk of that size.
    const script = 'ulimit -f 1024 && exec "$0" --input-type=module --eval "$1" "$2"';
    const { stdout } = spawnSync("bash", ["-c", script, process.execPath, program, file], {
      encoding: "utf8",
    });
    expect(stdout).toBe(`FileError cannot write ${file}: the file would be too large\n`);
    expect(await files()).toEqual({ "old.om": "old" });
  });
});

describe("a place where no file can be", () => {
  const rows = [
    { name: "a folder that is not there", path: "none/x.om", reason: "there is no such folder" },
    { name: "a folder that is a file", path: "old.om/x.om", reason: "there is no such folder" },
    { name: "a folder", path: ".", reason: "not a regular file" },
    { name: "a name that is too long", path: "x".repeat(300), reason: "its name is too long" },
  ];
  it.each(rows)("$name", async ({ path, reason }) => {
    const file = join(folder, path);
    await expect(replaceFile(file, chunks("x"), never)).rejects.toThrow(
      new FileError(`cannot write ${file}: ${reason}`),
    );
    expect(await files()).toEqual({ "old.om": "old" });
  });

  it("a pipe, which stays one", async () => {
    const pipe = join(folder, "pipe");
    execFileSync("mkfifo", [pipe]);
    await expect(replaceFile(pipe, chunks("x"), never)).rejects.toThrow(
      new FileError(`cannot write ${pipe}: not a regular file`),
    );
    expect(spawnSync("test", ["-p", pipe]).status).toBe(0);
  });

  it("a folder that may not be written", async () => {
    await chmod(folder, 0o555);
    const file = join(folder, "x.om");
    await asNobody(async () => {
      await expect(replaceFile(file, chunks("x"), never)).rejects.toThrow(
        new FileError(`cannot write ${file}: permission denied`),
      );
    });
    await chmod(folder, 0o755);
    expect(await files()).toEqual({ "old.om": "old" });
  });
});

/** Root may write everywhere, so it has to be someone else for a while. */
async function asNobody(work: () => Promise<void>): Promise<void> {
  if (process.geteuid?.() !== 0) return work();
  process.seteuid?.(65_534);
  try {
    await work();
  } finally {
    process.seteuid?.(0);
  }
}
