//! Each case of the suite → a contract → generated Rust, as a module of its own.
//!
//! The suite is looked for in the folder that `CORPUS_DIR` names; without it there are no cases, and the
//! test says so.

// A build script stops where something is not as it must be.
#![allow(clippy::unwrap_used, clippy::panic)]

use std::fmt::Write;
use std::path::{Path, PathBuf};

use contract::files::Memory;
use contract::location::Location;
use contract::names::Name;
use contract::schema::Implied;
use json::Json;
use rust_gen::Side;

/// The contract of every case: the schema is that of a property, so that there is a type with rules
/// however little the schema says.
const CONTRACT: &str = "
asyncapi: 3.0.0
info: { title: Case, version: 1.0.0 }
components:
  schemas:
    Case:
      type: object
      required: [value]
      properties: { value: { $ref: case.json } }
";

/// How the code of a case is generated.
struct Mode {
    name: &'static str,
    implied: Implied,
    side: Side,
}

const MODES: [Mode; 3] = [
    Mode { name: "literal", implied: Implied::Literal, side: Side::Server },
    Mode { name: "open", implied: Implied::Literal, side: Side::Client },
    Mode { name: "meant", implied: Implied::Meant, side: Side::Server },
];

fn main() {
    println!("cargo::rerun-if-env-changed=CORPUS_DIR");
    println!("cargo::rerun-if-changed=build.rs");
    println!("cargo::rerun-if-changed=metaschema.json");
    let mut out = Out::default();
    if let Some(corpus) = std::env::var_os("CORPUS_DIR") {
        let suite = Path::new(&corpus).join("json-schema-draft7");
        println!("cargo::rerun-if-changed={}", suite.display());
        let remotes = remotes(&suite);
        for mode in MODES {
            writeln!(out.modules, "pub mod {} {{", mode.name).unwrap();
            for file in files(&suite.join("tests/draft7")) {
                out.file(&suite, &file, &remotes, &mode);
            }
            writeln!(out.modules, "}}").unwrap();
        }
    }
    let folder = PathBuf::from(std::env::var_os("OUT_DIR").unwrap());
    let text = format!("{}\npub const CASES: &[crate::Case] = &[\n{}];\n", out.modules, out.rows);
    std::fs::write(folder.join("cases.rs"), text).unwrap();
}

#[derive(Default)]
struct Out {
    modules: String,
    rows: String,
}

impl Out {
    fn file(&mut self, suite: &Path, path: &Path, remotes: &Memory, mode: &Mode) {
        let text = std::fs::read_to_string(path).unwrap();
        let cases = Json::parse(&text).unwrap();
        let name = path.strip_prefix(suite.join("tests/draft7")).unwrap();
        let name = name.to_str().unwrap().replace('\\', "/");
        for (at, case) in cases.as_array().unwrap().iter().enumerate() {
            let module = Name::new(&format!("{name} {at}")).snake();
            let description = case.get("description").and_then(Json::as_str).unwrap();
            let schema = case.get("schema").unwrap().to_string();
            let generated = generate(remotes, &schema, mode);
            let calls = match &generated {
                Ok(text) => {
                    writeln!(self.modules, "pub mod {module} {{\n{text}}}").unwrap();
                    format!("crate::Calls::of::<{}::{module}::Case>()", mode.name)
                }
                Err(error) => format!("crate::Calls::none({error:?})"),
            };
            let tests = case.get("tests").unwrap().as_array().unwrap().iter().map(|test| {
                let what = test.get("description").and_then(Json::as_str).unwrap();
                let data = test.get("data").unwrap().to_string();
                let valid = test.get("valid").and_then(Json::as_bool).unwrap();
                format!("({what:?}, {data:?}, {valid})")
            });
            let tests: Vec<String> = tests.collect();
            writeln!(
                self.rows,
                "crate::Case {{ mode: {:?}, file: {name:?}, description: {description:?}, \
                 calls: {calls}, tests: &[{}] }},",
                mode.name,
                tests.join(", ")
            )
            .unwrap();
        }
    }
}

fn generate(remotes: &Memory, schema: &str, mode: &Mode) -> Result<String, String> {
    let mut files = remotes.clone().with("asyncapi.yaml", CONTRACT).with("case.json", schema);
    let implied = mode.implied;
    let options = contract::Options { implied, ..contract::Options::default() };
    let loaded = contract::load(&Location::named("asyncapi.yaml"), &mut files, &options);
    let Ok(contract) = loaded.contract else { return Err(loaded.diagnostics.to_string()) };
    let generated = rust_gen::generate(&contract, &rust_gen::Options::new().side(mode.side))
        .map_err(|error| error.to_string())?;
    rust_gen::format(generated.tokens).map_err(|error| error.to_string())
}

/// The suite's remote documents, and the metaschema, under their URLs.
fn remotes(suite: &Path) -> Memory {
    let root = suite.join("remotes");
    let metaschema = include_str!("metaschema.json");
    let memory = Memory::new().with("http://json-schema.org/draft-07/schema", metaschema);
    files(&root).iter().fold(memory, |memory, path| {
        let name = path.strip_prefix(&root).unwrap().to_str().unwrap().replace('\\', "/");
        memory.with(&format!("http://localhost:1234/{name}"), std::fs::read(path).unwrap())
    })
}

/// The files of a folder and of those below it, in the order of their names.
fn files(folder: &Path) -> Vec<PathBuf> {
    let mut found = Vec::new();
    for entry in folder.read_dir().unwrap_or_else(|error| panic!("{}: {error}", folder.display())) {
        let path = entry.unwrap().path();
        if path.is_dir() {
            found.extend(files(&path));
        } else if path.extension().is_some_and(|ending| ending == "json") {
            found.push(path);
        }
    }
    found.sort();
    found
}
