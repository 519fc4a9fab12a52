/**
 * What the generator writes beside its code: every file of `src/` but `*.test.ts`, `*.fixture.ts`
 * and `fake-*.ts`.
 */

import assert from "node:assert/strict";
import { readdir, readFile } from "node:fs/promises";
import { test } from "node:test";

// From `build/src`, where the compiled tests are.
const source = new URL("../../src/", import.meta.url);
const names = await readdir(source);
const emitted = names.filter((name) => !/\.test\.ts$|\.fixture\.ts$|^fake-/.test(name)).sort();

test("index.ts reaches every emitted file, and no other", async () => {
  const found = new Set<string>();
  const visit = async (name: string): Promise<void> => {
    if (found.has(name)) return;
    found.add(name);
    const text = await readFile(new URL(name, source), "utf8");
    for (const [, next] of text.matchAll(/from "\.\/([^"]+)\.js"/g)) await visit(`${next}.ts`);
  };
  await visit("index.ts");
  assert.deepEqual([...found].sort(), emitted);
});

test("emitted files import nothing but each other", async () => {
  for (const name of emitted) {
    const text = await readFile(new URL(name, source), "utf8");
    for (const [, from] of text.matchAll(/(?:from|import) "([^"]+)"/g)) {
      assert.match(from ?? "", /^\.\/[a-z-]+\.js$/, name);
    }
  }
});

test("every emitted file has its tests beside it, or none to test", () => {
  const typesAndTables = ["contract.ts", "error.ts", "index.ts", "options.ts", "socket.ts"];
  const elsewhere = ["channel.ts", "live-topic.ts"];
  const untested = emitted.filter((name) => !names.includes(name.replace(".ts", ".test.ts")));
  assert.deepEqual(untested, [...typesAndTables, ...elsewhere].sort());
});
