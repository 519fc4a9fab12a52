//! The suite, read: its cases, and the contract that each of them becomes.

use std::path::{Path, PathBuf};

use contract::files::Memory;
use contract::location::Location;
use contract::model::Contract;
use contract::names::Name;
use contract::schema::Implied;
use json::Json;

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

/// A schema of the suite with its instances.
pub(crate) struct Case {
    /// Below `tests/draft7`.
    pub(crate) file: String,
    /// A name for the generated code.
    pub(crate) module: String,
    pub(crate) description: String,
    schema: String,
    pub(crate) tests: Vec<Test>,
}

/// An instance.
pub(crate) struct Test {
    pub(crate) description: String,
    /// JSON text.
    pub(crate) data: String,
    pub(crate) valid: bool,
}

/// The suite in a folder.
pub(crate) struct Suite {
    root: PathBuf,
    remotes: Memory,
}

impl Suite {
    /// The suite among the documents of `CORPUS_DIR`.
    pub(crate) fn of(corpus: &Path) -> Self {
        let root = corpus.join("json-schema-draft7");
        Self { remotes: remotes(&root), root }
    }

    /// Its folder.
    pub(crate) fn root(&self) -> &Path {
        &self.root
    }

    /// All cases, those of the optional part included.
    pub(crate) fn cases(&self) -> Vec<Case> {
        let folder = self.root.join("tests/draft7");
        let mut all = Vec::new();
        for path in files(&folder) {
            let file = path.strip_prefix(&folder).unwrap().to_str().unwrap().replace('\\', "/");
            let text = std::fs::read_to_string(&path).unwrap();
            let json = Json::parse(&text).unwrap();
            let cases = json.as_array().unwrap().iter().enumerate();
            all.extend(cases.map(|(at, json)| case(&file, at, json)));
        }
        all
    }

    /// The contract of a case; `more` stands below its components.
    pub(crate) fn contract(
        &self,
        case: &Case,
        implied: Implied,
        more: &str,
    ) -> Result<Contract, String> {
        let text = format!("{CONTRACT}{more}");
        let files = self.remotes.clone().with("asyncapi.yaml", text);
        let mut files = files.with("case.json", case.schema.as_str());
        let options = contract::Options { implied, ..contract::Options::default() };
        let loaded = contract::load(&Location::named("asyncapi.yaml"), &mut files, &options);
        loaded.contract.map_err(|_| loaded.diagnostics.to_string())
    }
}

fn case(file: &str, at: usize, json: &Json<'_>) -> Case {
    let text =
        |json: &Json<'_>, key: &str| json.get(key).and_then(Json::as_str).unwrap().to_owned();
    let tests = json.get("tests").unwrap().as_array().unwrap().iter().map(|test| Test {
        description: text(test, "description"),
        data: test.get("data").unwrap().to_string(),
        valid: test.get("valid").and_then(Json::as_bool).unwrap(),
    });
    Case {
        file: file.to_owned(),
        module: Name::new(&format!("{file} {at}")).snake(),
        description: text(json, "description"),
        schema: json.get("schema").unwrap().to_string(),
        tests: tests.collect(),
    }
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
