/**
 * The source files that make up the runtime as users get it: what `index.ts` reaches. Tests and their tools are
 * whatever else there is.
 */

import { readFile } from "node:fs/promises";

const source = new URL("../src/", import.meta.url);

/** File names under `src/`, sorted. */
export async function emittedFiles() {
  const found = new Set();
  const visit = async (name) => {
    if (found.has(name)) return;
    found.add(name);
    const text = await readFile(new URL(name, source), "utf8");
    for (const [, next] of text.matchAll(/from "\.\/([^"]+)\.js"/g)) await visit(`${next}.ts`);
  };
  await visit("index.ts");
  return [...found].sort();
}
