// Systematic slips in a document: what people mistype, forget and misplace.
//
// In: a document as a JSON value. Out: `{ slip, path, document }`, where `path` is the JSON pointer with
// names replaced by `*`, so that the same slip at the same kind of place counts as one.

/** Objects whose keys are names. */
const NAMED = new Set([
  "servers", "variables", "channels", "operations", "messages", "parameters", "schemas", "securitySchemes",
  "serverVariables", "correlationIds", "replies", "replyAddresses", "externalDocs", "tags",
  "operationTraits", "messageTraits", "serverBindings", "channelBindings", "operationBindings",
  "messageBindings", "properties", "patternProperties", "dependencies", "definitions", "scopes",
  "availableScopes",
]);

/** What stands under these is data; a slip in it is nobody's business. */
const DATA = new Set(["default", "const", "enum", "examples", "example", "labels", "attributes"]);

/** One value of each kind. */
const KINDS = [7, "text", true, null, [], {}];

function kindOf(value) {
  if (value === null) return "null";
  return Array.isArray(value) ? "list" : typeof value;
}

/** Every place of a document: its path, its normalised path and its value. */
function* places(value, path = [], shape = "", holder = "") {
  yield { path, shape, value };
  if (typeof value !== "object" || value === null) return;
  const last = path.at(-1);
  if (path.length > 1 && (DATA.has(last) || String(last).startsWith("x-")) && !NAMED.has(holder)) return;
  for (const [key, child] of Object.entries(value)) {
    // `externalDocs` and `tags` hold names under `components` only.
    const named = Array.isArray(value)
      || (NAMED.has(last) && (!["externalDocs", "tags"].includes(last) || path[0] === "components" && path.length === 2));
    yield* places(child, [...path, key], `${shape}/${named ? "*" : key}`, last);
  }
}

/** A copy of a document with one place changed: `change(holder, key)`. */
function changed(document, path, change) {
  const copy = structuredClone(document);
  let holder = copy;
  for (const key of path.slice(0, -1)) holder = holder[key];
  change(holder, path.at(-1));
  return copy;
}

/** Every slip at every place. */
export function* slips(document) {
  for (const { path, shape, value } of places(document)) {
    const slip = (name, change) => ({ slip: name, path: shape || "/", document: changed(document, path, change) });
    if (kindOf(value) === "object") {
      const inside = (name, change) =>
        ({ slip: name, path: shape || "/", document: changed({ root: document }, ["root", ...path], change).root });
      yield inside("an unknown key", (holder, key) => { holder[key].extra = 7; });
      yield inside("an extension", (holder, key) => { holder[key]["x-extra"] = { a: 1 }; });
      yield inside("a bad extension", (holder, key) => { holder[key]["x-extra/a"] = 7; });
    }
    if (path.length === 0 || path[0] === "asyncapi") continue;
    yield slip("dropped", (holder, key) => {
      if (Array.isArray(holder)) holder.splice(Number(key), 1);
      else delete holder[key];
    });
    if (!/\/(\*|\d+)$/.test(shape)) {
      yield slip("renamed", (holder, key) => {
        holder[`${key}z`] = holder[key];
        delete holder[key];
      });
    }
    for (const other of KINDS) {
      if (kindOf(other) === kindOf(value)) continue;
      yield slip(`made ${kindOf(other)}`, (holder, key) => { holder[key] = other; });
    }
    if (kindOf(value) === "list" && value.length > 0) {
      yield slip("an item twice", (holder, key) => { holder[key] = [...value, structuredClone(value[0])]; });
    }
    if (kindOf(value) === "string" && path.at(-1) !== "$ref") {
      yield slip("another word", (holder, key) => { holder[key] = `${value} z`; });
      yield slip("no text", (holder, key) => { holder[key] = ""; });
    }
    if (kindOf(value) === "number") {
      yield slip("negative", (holder, key) => { holder[key] = -3; });
      yield slip("a fraction", (holder, key) => { holder[key] = 1.5; });
      yield slip("a large number", (holder, key) => { holder[key] = 5e9; });
    }
    if (path.at(-1) === "$ref") {
      yield slip("a wrong reference", (holder, key) => { holder[key] = "#/nowhere"; });
      yield slip("a reference to another thing", (holder, key) => { holder[key] = "#/info"; });
    } else if (kindOf(value) === "object") {
      yield slip("made a reference", (holder, key) => { holder[key] = { $ref: "#/info" }; });
    }
  }
}
