// Compares the verdicts of `codegen check` with those of the official tools, over
//
// - our own contract, which the official parser must accept;
// - documents that have every object and every field of each version;
// - documents for the rules that go beyond JSON Schemas (`cases.yaml`);
// - the documents of the corpus, if CORPUS_DIR names its folder;
// - tens of thousands of systematic slips in all of them.
//
// Differences are zero, or explained by name in `known.yaml`.
//
//   npm ci && npm test
//   npm test -- --quick     leaves out the kit and the slips in the corpus, and makes one slip in four

import { readFile, readdir } from "node:fs/promises";
import { join, relative } from "node:path";
import { fileURLToPath } from "node:url";
import yaml from "js-yaml";
import { slips } from "./mutate.mjs";
import { VERSIONS, byParser, byParserOfFile, bySchema } from "./official.mjs";
import { verdicts } from "./ours.mjs";

const here = fileURLToPath(new URL(".", import.meta.url));
const root = fileURLToPath(new URL("../../../", import.meta.url));
const load = (text) => yaml.load(text, { schema: yaml.JSON_SCHEMA.extend({ implicit: [yaml.types.merge] }) });
const quick = process.argv.includes("--quick");
const failures = [];

function fail(message) {
  failures.push(message);
  console.log(`FAILED: ${message}`);
}

function first(complaints) {
  const [complaint] = complaints;
  return complaint ? `${complaint.rule} at ${complaint.place}: ${complaint.message}` : "accepted";
}

/** A document that both sides accept. */
async function both(name, path) {
  const official = await byParserOfFile(path);
  const [ours] = await verdicts([{ name, path: relative(root, path) }]);
  if (official.length > 0) fail(`${name}: the parser says ${first(official)}`);
  if (ours.errors.length > 0) fail(`${name}: we say ${first(ours.errors)}`);
}

async function cases() {
  const list = load(await readFile(join(here, "cases.yaml"), "utf8"));
  const ours = await verdicts(list.map(({ name, document }) => ({ name, text: JSON.stringify(document) })));
  for (const [at, { name, accept, parser, warns, document }] of list.entries()) {
    const official = await byParser(JSON.stringify(document));
    const differs = parser !== undefined;
    if ((official.length === 0) !== (accept !== differs)) fail(`${name}: the parser says ${first(official)}`);
    if ((ours[at].errors.length === 0) !== accept) fail(`${name}: we say ${first(ours[at].errors)}`);
    if (warns && !ours[at].warnings.some(({ rule }) => rule === warns)) fail(`${name}: no warning ${warns}`);
  }
  console.log(`${list.length} documents for rules beyond JSON Schemas`);
}

/** All documents below a folder that say which version they are. */
async function documentsBelow(folder) {
  const found = [];
  for (const entry of await readdir(folder, { recursive: true, withFileTypes: true })) {
    if (!entry.isFile() || !/\.(ya?ml|json)$/.test(entry.name)) continue;
    const path = join(entry.parentPath, entry.name);
    const text = await readFile(path, "utf8");
    let document;
    try {
      document = load(text);
    } catch {
      continue;
    }
    if (VERSIONS.includes(document?.asyncapi)) found.push({ path, text, document });
  }
  return found.sort((a, b) => (a.path < b.path ? -1 : 1));
}

/** The corpus: where the parser and its own project's kit differ, the kit counts. */
async function corpus(folder, documents, ours) {
  let differ = 0;
  for (const [at, { path }] of documents.entries()) {
    const name = relative(folder, path);
    const official = await byParserOfFile(path);
    const accepts = ours[at].errors.length === 0;
    const kit = /\/(valid|invalid)[^/]*$/.exec(path)?.[1];
    if (accepts === (official.length === 0)) continue;
    differ += 1;
    if (kit !== undefined && accepts === (kit === "valid")) {
      console.log(`as the kit, not as the parser: ${name}: ${first(official)}`);
    } else {
      fail(`${name}: we say ${first(ours[at].errors)}, the parser says ${first(official)}`);
    }
  }
  console.log(`${documents.length} documents of the corpus; on ${differ} the parser differs from its own kit`);
}

async function slipsOf(documents) {
  const known = load(await readFile(join(here, "known.yaml"), "utf8")).map((entry) => ({
    ...entry,
    used: 0,
    slip: entry.slip && new RegExp(entry.slip),
    path: entry.path && new RegExp(entry.path),
    shown: new Set(),
  }));
  const seen = new Set();
  const changed = [];
  for (const { document } of documents) {
    const major = document.asyncapi[0];
    // A document that has every field of a version is one of each later version of its kind, too.
    const from = VERSIONS.indexOf(document.asyncapi);
    for (const version of VERSIONS.slice(from).filter((each) => each[0] === major)) {
      for (const each of slips({ ...document, asyncapi: version })) {
        const name = `${version}: ${each.slip}: ${each.path}`;
        if (seen.has(name)) continue;
        seen.add(name);
        if (!quick || seen.size % 4 === 0) changed.push({ ...each, name, version });
      }
    }
  }
  const ours = await verdicts(changed.map(({ name, document }) => ({ name, text: JSON.stringify(document) })));
  let explained = 0;
  for (const [at, { name, slip, path, version, document }] of changed.entries()) {
    const official = bySchema(document);
    const { errors } = ours[at];
    if ((official.length === 0) === (errors.length === 0)) continue;
    const we = errors.length === 0 ? "accept" : "reject";
    const explains = (complaint) => (entry) =>
      entry.we === we
      && (!entry.rule || entry.rule === complaint?.rule)
      && (!entry.slip || entry.slip.test(slip))
      && (!entry.path || entry.path.test(path))
      && (!entry.versions || entry.versions.includes(version));
    // Each of our errors needs a reason.
    const entries = (we === "accept" ? [undefined] : errors).map((each) => known.find(explains(each)));
    const open = entries.indexOf(undefined);
    if (open >= 0) {
      fail(`${name}: we say ${first(errors.slice(open))}, the JSON Schema says ${first(official)}`);
      continue;
    }
    explained += 1;
    for (const entry of new Set(entries)) entry.used += 1;
    const [entry] = entries;
    if (entry.confirmed === "parser" && entries.every((each) => each === entry) && !entry.shown.has(slip)) {
      entry.shown.add(slip);
      const parser = await byParser(JSON.stringify(document));
      if (parser.length === 0) fail(`${name}: the parser accepts it, known.yaml says that it does not`);
    }
  }
  // Some of them concern documents of the corpus only.
  const all = !quick && process.env.CORPUS_DIR;
  for (const { used, reason } of known) if (all && used === 0) fail(`known.yaml: never used: ${reason}`);
  const shown = known.reduce((sum, entry) => sum + entry.shown.size, 0);
  console.log(`${changed.length} slips: ${explained} differences, all by a reason; ${shown} shown to the parser`);
}

await both("asyncapi.yaml", join(root, "asyncapi.yaml"));
const own = await documentsBelow(join(here, "documents"));
for (const { path } of own) await both(relative(root, path), path);
console.log(`our contract and ${own.length} complete documents`);
await cases();
let others = [];
if (process.env.CORPUS_DIR) {
  const folder = process.env.CORPUS_DIR;
  const found = await documentsBelow(folder);
  // The kit's own verdicts are a test of the crate `contract`.
  const documents = quick ? found.filter(({ path }) => !relative(folder, path).startsWith("tck/")) : found;
  const requests = documents.map(({ path }) => ({ name: path, path: relative(folder, path) }));
  const ours = await verdicts(requests, folder);
  await corpus(folder, documents, ours);
  // Slips are made in documents that stand by themselves and are right.
  others = documents.filter(({ document, text }, at) =>
    !quick && !/\$ref['"]?:\s*['"]?[^#'"\s]/.test(text) && ours[at].errors.length === 0 && bySchema(document).length === 0);
} else {
  console.log("left out: CORPUS_DIR names no folder with documents");
}
await slipsOf([...own, ...others]);
console.log(failures.length === 0 ? "no difference without a reason" : `${failures.length} failures`);
process.exitCode = failures.length === 0 ? 0 : 1;
