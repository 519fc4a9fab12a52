/**
 * Compiles the runtime, the generated client and what a user writes in each setting that users
 * have: the oldest and the newest compiler, a page, a worker, Node, and a place that has the
 * language and nothing else. And the other way to import: with `.ts` extensions, as Node's type
 * stripping wants it.
 */

import { spawnSync } from "node:child_process";
import { cp, mkdir, readFile, rm, writeFile } from "node:fs/promises";
import { emittedFiles, filesBelow } from "./emitted.js";

const root = new URL("../", import.meta.url);
const work = new URL("build/compat/", root);

const strict = {
  target: "ES2022",
  strict: true,
  noUncheckedIndexedAccess: true,
  exactOptionalPropertyTypes: true,
  noPropertyAccessFromIndexSignature: true,
  noImplicitOverride: true,
  noImplicitReturns: true,
  noFallthroughCasesInSwitch: true,
  noUnusedLocals: true,
  noUnusedParameters: true,
  verbatimModuleSyntax: true,
  isolatedModules: true,
  noEmit: true,
};
const newest = {
  erasableSyntaxOnly: true,
  isolatedDeclarations: true,
  declaration: true,
  noUncheckedSideEffectImports: true,
};
const bundler = { module: "ESNext", moduleResolution: "Bundler" };
const node = { module: "NodeNext", moduleResolution: "NodeNext" };

const compilers = [
  { name: "oldest", package: "typescript-oldest", options: {} },
  { name: "newest", package: "typescript", options: newest },
];
const neutral = ["src/index.ts", "src/check/index.ts", "src/trading.fixture.ts", "compat/usage.ts"];
const places = [
  { name: "language only", files: neutral, options: { ...bundler, lib: ["ES2022"], types: [] } },
  {
    name: "page",
    files: [...neutral, "compat/browser.ts"],
    options: { ...bundler, lib: ["ES2022", "DOM", "DOM.Iterable"], types: [] },
  },
  {
    name: "worker",
    files: [...neutral, "compat/browser.ts"],
    options: { ...bundler, lib: ["ES2022", "WebWorker"], types: [] },
  },
  {
    name: "Node",
    files: [...neutral, "src/websocket.test.ts"],
    // The oldest compiler cannot read every declaration of Node's own types.
    options: { ...node, lib: ["ES2022"], types: ["node"], skipLibCheck: true },
  },
];

let failures = 0;

async function compile(compiler, place) {
  const { version } = JSON.parse(
    await readFile(new URL(`node_modules/${compiler.package}/package.json`, root), "utf8"),
  );
  const name = `${compiler.name}-${place.name.replaceAll(" ", "-")}.json`;
  const config = new URL(name, work);
  const compilerOptions = { ...strict, ...compiler.options, ...place.options };
  if (compilerOptions.types.length > 0) {
    compilerOptions.typeRoots = [new URL("node_modules/@types", root).pathname];
  }
  const files = place.files.map((file) => new URL(file, place.base ?? root).pathname);
  await writeFile(config, JSON.stringify({ compilerOptions, files }));
  const tsc = new URL(`node_modules/${compiler.package}/bin/tsc`, root).pathname;
  const run = spawnSync(process.execPath, [tsc, "-p", config.pathname], { encoding: "utf8" });
  const verdict = run.status === 0 ? "ok" : "FAILED";
  if (run.status !== 0) failures += 1;
  process.stdout.write(`TypeScript ${version}, ${place.name}: ${verdict}\n${run.stdout}`);
}

/** A copy of the sources whose imports end in `.ts`, for compilers and runtimes that want that. */
async function withTypeScriptImports() {
  const copy = new URL("ts-imports/", work);
  for (const folder of ["src", "compat"]) {
    for (const name of await filesBelow(new URL(`${folder}/`, root))) {
      const text = await readFile(new URL(`${folder}/${name}`, root), "utf8");
      const imports = text.replaceAll(/(from "\.{1,2}\/[^"]+)\.js"/g, '$1.ts"');
      await mkdir(new URL("./", new URL(`${folder}/${name}`, copy)), { recursive: true });
      await writeFile(new URL(`${folder}/${name}`, copy), imports);
    }
  }
  return copy;
}

await rm(work, { recursive: true, force: true });
await mkdir(work, { recursive: true });
for (const compiler of compilers) for (const place of places) await compile(compiler, place);
const [, latest] = compilers;
await compile(latest, {
  name: "imports with .ts",
  base: await withTypeScriptImports(),
  files: neutral,
  options: { ...node, lib: ["ES2022"], types: [], allowImportingTsExtensions: true },
});

// The emitted files alone must be complete.
const alone = new URL("alone/", work);
await mkdir(alone, { recursive: true });
const emitted = await emittedFiles();
for (const name of emitted) await cp(new URL(`src/${name}`, root), new URL(name, alone));
await compile(latest, {
  name: `the ${emitted.length} emitted files alone`,
  base: alone,
  files: emitted,
  options: { ...bundler, lib: ["ES2022"], types: [] },
});

process.stdout.write(`\n${failures === 0 ? "all settings compile" : `${failures} failed`}\n`);
process.exitCode = failures === 0 ? 0 : 1;
