/**
 * The source files that make up the runtime as users get it: everything in `src/` that is no test
 * and no tool of tests. `src/emitted.test.ts` holds that `index.ts` reaches them all and nothing
 * else.
 */

import { readdir } from "node:fs/promises";

const FOR_TESTS = /\.test\.ts$|\.fixture\.ts$|^fake-/;

/** The paths of all source files under a folder, sorted. */
export async function filesBelow(folder) {
  const names = await readdir(folder, { recursive: true });
  return names.filter((name) => name.endsWith(".ts")).sort();
}

/** The paths of files under `src/` that users get, sorted. */
export async function emittedFiles() {
  const names = await filesBelow(new URL("../src/", import.meta.url));
  return names.filter((name) => !FOR_TESTS.test(name));
}
