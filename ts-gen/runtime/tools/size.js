/**
 * Measures what a page pays: bundles, minifies and compresses the trading client and its relatives,
 * and writes the table in README.md. With `--check` it only says whether the table is right.
 */

import { readFile, writeFile } from "node:fs/promises";
import { fileURLToPath } from "node:url";
import { gzipSync } from "node:zlib";
import { build } from "esbuild";

const root = fileURLToPath(new URL("../", import.meta.url));
const readme = new URL("../README.md", import.meta.url);
const begin = "<!-- sizes: `npm run size` writes this table -->";
const end = "<!-- /sizes -->";

const bundles = [
  [
    "the trading client: `connect` of the generated code",
    'export { connect } from "./src/trading.fixture.js";',
  ],
  [
    "the same with exact numbers (`losslessJson`)",
    'export { connect } from "./src/trading.fixture.js"; export { losslessJson } from "./src/index.js";',
  ],
  [
    "a page that only takes a type and `ContractError`",
    'import { ContractError } from "./src/index.js"; export { ContractError };',
  ],
  ["a page that imports the module and uses nothing", 'import "./src/trading.fixture.js";'],
];

async function measure(contents) {
  const { outputFiles } = await build({
    stdin: { contents, resolveDir: root, loader: "ts" },
    bundle: true,
    minify: true,
    format: "esm",
    target: "es2022",
    write: false,
    logLevel: "error",
  });
  const [{ contents: code }] = outputFiles;
  return {
    minified: code.length,
    gzipped: code.length === 0 ? 0 : gzipSync(code, { level: 9 }).length,
  };
}

const lines = ["| bundle | minified | + gzip |", "| --- | ---: | ---: |"];
for (const [name, contents] of bundles) {
  const { minified, gzipped } = await measure(contents);
  lines.push(`| ${name} | ${minified} B | ${gzipped} B |`);
}
const table = `${begin}\n${lines.join("\n")}\n${end}`;

const text = await readFile(readme, "utf8");
const rewritten = text.replace(new RegExp(`${begin}[^]*${end}`), () => table);
process.stdout.write(`${lines.join("\n")}\n`);
if (process.argv.includes("--check")) {
  if (text !== rewritten) {
    process.stderr.write("the table in README.md is stale: run `npm run size`\n");
    process.exitCode = 1;
  }
} else {
  await writeFile(readme, rewritten);
}
