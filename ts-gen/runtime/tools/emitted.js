/**
 * The source files that make up the runtime as users get it: everything in `src/` that is no test
 * and no tool of tests. `src/emitted.test.ts` holds that `index.ts` reaches them all and nothing
 * else.
 */

import { readdir } from "node:fs/promises";

const FOR_TESTS = /\.test\.ts$|\.fixture\.ts$|^fake-/;

/** File names under `src/`, sorted. */
export async function emittedFiles() {
  const names = await readdir(new URL("../src/", import.meta.url));
  return names.filter((name) => !FOR_TESTS.test(name)).sort();
}
