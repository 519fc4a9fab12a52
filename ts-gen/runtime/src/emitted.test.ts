/**
 * What the generator writes beside its code: every file of `src/` but `*.test.ts`, `*.fixture.ts`
 * and `fake-*.ts`.
 */

import assert from "node:assert/strict";
import { readdir, readFile } from "node:fs/promises";
import { test } from "node:test";

// From `build/src`, where the compiled tests are.
const source = new URL("../../src/", import.meta.url);
const names = (await readdir(source, { recursive: true })).filter((name) => name.endsWith(".ts"));
const emitted = names.filter((name) => !/\.test\.ts$|\.fixture\.ts$|^fake-/.test(name)).sort();
const isOfChecks = (name: string) => name.startsWith("check/");

/** The files that a file imports. */
async function importsOf(name: string): Promise<string[]> {
  const text = await readFile(new URL(name, source), "utf8");
  const paths = [...text.matchAll(/(?:from|import) "([^"]+)"/g)].map(([, path]) => path ?? "");
  return paths.map((path) => {
    assert.match(path, /^(?:\.\/|(?:\.\.\/)+)[a-z/-]+\.js$/, name);
    return new URL(path.replace(/\.js$/, ".ts"), new URL(name, source)).href.slice(
      source.href.length,
    );
  });
}

async function reachable(from: string): Promise<string[]> {
  const found = new Set<string>();
  const visit = async (name: string): Promise<void> => {
    if (found.has(name)) return;
    found.add(name);
    for (const next of await importsOf(name)) await visit(next);
  };
  await visit(from);
  return [...found].sort();
}

test("index.ts reaches every emitted file but those of validators and MessagePack", async () => {
  assert.deepEqual(
    await reachable("index.ts"),
    emitted.filter((name) => !isOfChecks(name) && name !== "msgpack.ts"),
  );
  const below = ["close.ts", "codec.ts", "error.ts", "lossless.ts", "msgpack.ts", "number.ts"];
  for (const name of await reachable("msgpack.ts")) assert.ok(below.includes(name), name);
});

test("check/index.ts reaches every file of validators, and of the others those below the wire", async () => {
  const found = await reachable("check/index.ts");
  assert.deepEqual(found.filter(isOfChecks), emitted.filter(isOfChecks));
  assert.deepEqual(
    found.filter((name) => !isOfChecks(name)),
    ["close.ts", "codec.ts", "error.ts", "number.ts"],
  );
});

test("every emitted file has its tests beside it, or none to test", () => {
  const typesAndTables = ["contract.ts", "error.ts", "index.ts", "options.ts", "socket.ts"];
  const elsewhere = ["channel.ts", "live-topic.ts"];
  const untested = emitted.filter((name) => !names.includes(name.replace(".ts", ".test.ts")));
  // A check is tested with what it stands on: `check/rules.test.ts`, `check/format/formats.test.ts`.
  assert.deepEqual(
    untested.filter((name) => !isOfChecks(name)),
    [...typesAndTables, ...elsewhere].sort(),
  );
});
