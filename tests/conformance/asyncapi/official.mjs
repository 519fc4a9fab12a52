// What the official tools say of a document: the JSON Schemas of the specification (through ajv), and
// `@asyncapi/parser`, whose own rules go beyond them.
//
// In: a document as a JSON value, or a file. Out: a list of complaints, each `{ rule, place, message }`;
// empty means accepted.

import { createRequire } from "node:module";
import { readFile } from "node:fs/promises";
import Ajv from "ajv";
import addFormats from "ajv-formats";
import { Parser, fromFile } from "@asyncapi/parser";

const require = createRequire(import.meta.url);
const specs = require("@asyncapi/specs");

/** The versions that both sides read. */
export const VERSIONS = ["2.0.0", "2.1.0", "2.2.0", "2.3.0", "2.4.0", "2.5.0", "2.6.0", "3.0.0", "3.1.0"];

const validators = new Map();

function validator(version) {
  if (!validators.has(version)) {
    const schema = structuredClone(specs.schemas[version]);
    // ajv brings its own.
    delete schema.definitions["http://json-schema.org/draft-07/schema"];
    const ajv = new Ajv({ strict: false, allErrors: false, validateFormats: true, logger: false });
    addFormats(ajv);
    validators.set(version, ajv.compile(schema));
  }
  return validators.get(version);
}

/** What the JSON Schema of the document's version says. */
export function bySchema(document) {
  const version = document?.asyncapi;
  if (!VERSIONS.includes(version)) {
    return [{ rule: "version", place: "/asyncapi", message: `${version} is no version` }];
  }
  const validate = validator(version);
  if (validate(document)) return [];
  return validate.errors.map((error) => ({
    rule: error.keyword,
    place: error.instancePath,
    message: error.message ?? "",
  }));
}

const parser = new Parser();

/** What the parser says of a document as a text; only errors count. */
export async function byParser(text, source) {
  const diagnostics = await parser.validate(text, source ? { source } : {});
  return errors(diagnostics);
}

/** What the parser says of a file; only errors count. */
export async function byParserOfFile(path) {
  return byParser(await readFile(path, "utf8"), path);
}

function errors(diagnostics) {
  return diagnostics
    .filter((diagnostic) => diagnostic.severity === 0)
    // A file on somebody's server, which is not to be had here.
    .filter(({ code, message }) => !(code === "invalid-ref" && /FetchError/.test(message)))
    .map((diagnostic) => ({
      rule: String(diagnostic.code),
      place: `/${diagnostic.path.join("/")}`,
      message: diagnostic.message,
    }));
}
