//! Every `$ref` of the JSON Schema test suite for draft-07 leads to the right node: shown by
//! validating the suite's instances through the references.
//!
//! The suite is looked for in the folder that `CORPUS_DIR` names.

// A test stops where something is not as it must be.
#![allow(clippy::unwrap_used, clippy::panic)]

use std::path::{Path, PathBuf};

use contract::files::{Memory, read_at_most};
use contract::location::Location;
use contract::reference::{References, read_all};
use contract::tree::{Kind, NodeRef};
use contract::{Limits, notation};
use serde_json::Value;

/// As much of the metaschema as the suite's cases about references need.
const METASCHEMA: &str = r##"{
    "$schema": "http://json-schema.org/draft-07/schema#",
    "$id": "http://json-schema.org/draft-07/schema#",
    "definitions": {
        "nonNegativeInteger": { "type": "integer", "minimum": 0 },
        "simpleTypes": { "enum": ["array", "boolean", "integer", "null", "number", "object", "string"] }
    },
    "properties": {
        "definitions": { "additionalProperties": { "$ref": "#" } },
        "minLength": { "allOf": [{ "$ref": "#/definitions/nonNegativeInteger" }] },
        "type": { "anyOf": [{ "$ref": "#/definitions/simpleTypes" }, { "type": "array" }] }
    }
}"##;

#[test]
fn every_reference_of_the_draft_07_suite_leads_to_the_right_node() {
    let Some(corpus) = std::env::var_os("CORPUS_DIR") else {
        eprintln!("left out: CORPUS_DIR names no folder with the JSON Schema test suite");
        return;
    };
    let suite = Path::new(&corpus).join("json-schema-draft7");
    let mut cases = 0;
    let mut references = 0;
    for name in ["ref", "refRemote", "definitions", "optional/id", "optional/unknownKeyword"] {
        let path = suite.join("tests/draft7").join(name).with_extension("json");
        let file = std::fs::File::open(&path).unwrap();
        let text = read_at_most(file, usize::MAX - 1).unwrap();
        let parsed = notation::parse("suite.json", text, &Limits::default());
        let root = parsed.tree.root(parsed.file.unwrap()).unwrap();
        for case in root.items() {
            let description = case.get("description").and_then(NodeRef::as_str).unwrap();
            let schema = parsed.sources.text(case.get("schema").unwrap().span());
            let mut files = remotes(&suite).with("schema.json", schema);
            let all = read_all(&Location::named("schema.json"), &mut files, &Limits::default());
            assert!(all.references.findings().is_empty(), "{description}");
            let schema = all.tree.root(all.references.document().unwrap()).unwrap();
            let mut checker = Checker { references: &all.references, followed: 0 };
            for test in case.get("tests").unwrap().items() {
                let data = parsed.sources.text(test.get("data").unwrap().span());
                let data: Value = serde_json::from_str(data).unwrap();
                let expected = test.get("valid").and_then(NodeRef::as_bool).unwrap();
                let what = test.get("description").and_then(NodeRef::as_str).unwrap();
                assert_eq!(checker.accepts(schema, &data), expected, "{description}: {what}");
                cases += 1;
            }
            references += checker.followed;
        }
    }
    assert!(cases > 100, "only {cases} instances were read");
    println!("{cases} instances were checked through {references} references");
}

/// The suite's remote documents, and the metaschema, under their URLs.
fn remotes(suite: &Path) -> Memory {
    let root = suite.join("remotes");
    let mut files = Memory::new().with("http://json-schema.org/draft-07/schema", METASCHEMA);
    let mut folders: Vec<PathBuf> = vec![root.clone()];
    while let Some(folder) = folders.pop() {
        for entry in folder.read_dir().unwrap() {
            let path = entry.unwrap().path();
            if path.is_dir() {
                folders.push(path);
            } else {
                let name = path.strip_prefix(&root).unwrap().to_str().unwrap().replace('\\', "/");
                let url = format!("http://localhost:1234/{name}");
                files = files.with(&url, std::fs::read(&path).unwrap());
            }
        }
    }
    files
}

/// A validator that knows the keywords of these few files.
struct Checker<'r> {
    references: &'r References,
    followed: usize,
}

impl Checker<'_> {
    fn accepts(&mut self, schema: NodeRef<'_>, data: &Value) -> bool {
        if let Some(verdict) = schema.as_bool() {
            return verdict;
        }
        if schema.get("$ref").is_some_and(|reference| reference.as_str().is_some()) {
            self.followed += 1;
            let target = self.references.follow(schema).unwrap_or_else(|finding| {
                panic!("{} of {} leads nowhere: {finding:?}", schema.pointer(), schema.span().start)
            });
            return self.accepts(target, data);
        }
        schema.entries().all(|(key, value)| self.keyword(schema, key.text, value, data))
    }

    fn keyword(
        &mut self,
        schema: NodeRef<'_>,
        key: &str,
        value: NodeRef<'_>,
        data: &Value,
    ) -> bool {
        let number = |node: NodeRef<'_>| node.as_number().unwrap().parse::<f64>().unwrap();
        match key {
            "type" => is_type(value.as_str().unwrap(), data),
            "const" => data_of(value) == *data,
            "enum" => value.items().any(|item| data_of(item) == *data),
            "minimum" => data.as_f64().is_none_or(|data| data >= number(value)),
            "maxItems" => data.as_array().is_none_or(|data| data.len() as f64 <= number(value)),
            "minLength" => {
                data.as_str().is_none_or(|data| data.chars().count() as f64 >= number(value))
            }
            "maxLength" => {
                data.as_str().is_none_or(|data| data.chars().count() as f64 <= number(value))
            }
            "required" => data.as_object().is_none_or(|data| {
                value.items().all(|name| data.contains_key(name.as_str().unwrap()))
            }),
            "properties" => value.entries().all(|(name, schema)| {
                data.get(name.text).is_none_or(|data| self.accepts(schema, data))
            }),
            "additionalProperties" => data.as_object().is_none_or(|data| {
                let known =
                    |name: &str| schema.get("properties").and_then(|all| all.get(name)).is_some();
                data.iter().all(|(name, data)| known(name) || self.accepts(value, data))
            }),
            "items" if value.kind() == Kind::List => data.as_array().is_none_or(|data| {
                value.items().zip(data).all(|(schema, data)| self.accepts(schema, data))
            }),
            "items" => {
                data.as_array().is_none_or(|data| data.iter().all(|data| self.accepts(value, data)))
            }
            "allOf" => value.items().all(|schema| self.accepts(schema, data)),
            "anyOf" => value.items().any(|schema| self.accepts(schema, data)),
            "not" => !self.accepts(value, data),
            "if" => {
                let branch = if self.accepts(value, data) { "then" } else { "else" };
                schema.get(branch).is_none_or(|schema| self.accepts(schema, data))
            }
            "then" | "else" | "definitions" | "$id" | "$schema" | "$comment" | "description"
            | "array_of_schemas" | "object_of_schemas" | "dependentRequired" => true,
            other => panic!("these files have another keyword now: {other}"),
        }
    }
}

fn is_type(name: &str, data: &Value) -> bool {
    match name {
        "null" => data.is_null(),
        "boolean" => data.is_boolean(),
        "integer" => data.as_f64().is_some_and(|data| data.fract() == 0.0),
        "number" => data.is_number(),
        "string" => data.is_string(),
        "array" => data.is_array(),
        "object" => data.is_object(),
        other => panic!("no type {other}"),
    }
}

fn data_of(node: NodeRef<'_>) -> Value {
    match node.kind() {
        Kind::Null => Value::Null,
        Kind::Bool => node.as_bool().unwrap().into(),
        Kind::Number => serde_json::from_str(node.as_number().unwrap()).unwrap(),
        Kind::String => node.as_str().unwrap().into(),
        Kind::List => node.items().map(data_of).collect(),
        Kind::Map => {
            let entries = node.entries().map(|(key, value)| (key.text.to_owned(), data_of(value)));
            Value::Object(entries.collect())
        }
    }
}
