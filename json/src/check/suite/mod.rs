//! The JSON Schema test suite for draft-07, run through the functions of this room.
//!
//! The cases are read from `json-schema-draft7` in the folder that `CORPUS_DIR` names. The
//! interpreter beside this file maps every keyword to its function and has no rules of its own, so
//! what passes here passes for generated code that calls the same functions.

mod schema;

use std::path::{Path, PathBuf};

use crate::Json;
use schema::{Formats, Library};

/// Cases that do not come out as the suite has it: file, case, test, and why.
const MISSES: &[(&str, &str, &str, &str)] = &[];

/// Files that are left out, and why.
const LEFT_OUT: &[(&str, &str)] = &[
    (
        "optional/content.json",
        "contentEncoding and contentMediaType are annotations here; `format: byte` asserts base64",
    ),
    ("optional/cross-draft.json", "refers to a schema of another draft, which is not in the suite"),
];

fn corpus() -> Option<PathBuf> {
    let found =
        std::env::var_os("CORPUS_DIR").map(|dir| Path::new(&dir).join("json-schema-draft7"));
    if found.is_none() {
        eprintln!("left out: CORPUS_DIR names no folder with the JSON Schema test suite");
    }
    found
}

fn json_files(folder: &Path) -> Vec<PathBuf> {
    let mut files = Vec::new();
    for entry in std::fs::read_dir(folder).unwrap() {
        let path = entry.unwrap().path();
        if path.is_dir() {
            files.extend(json_files(&path));
        } else if path.extension().is_some_and(|extension| extension == "json") {
            files.push(path);
        }
    }
    files.sort();
    files
}

/// Documents of the suite live as long as the test run.
fn read(path: &Path) -> &'static Json<'static> {
    let text = std::fs::read_to_string(path).unwrap();
    Box::leak(Box::new(Json::parse(&text).unwrap().into_owned()))
}

fn text<'j>(case: &'j Json<'_>, key: &str) -> &'j str {
    case.get(key).and_then(Json::as_str).unwrap()
}

#[test]
fn every_case_of_the_draft_07_suite_comes_out_as_it_should() {
    let Some(corpus) = corpus() else { return };
    let mut library = Library::default();
    let remotes = corpus.join("remotes");
    for path in json_files(&remotes) {
        let place = path.strip_prefix(&remotes).unwrap().to_str().unwrap().replace('\\', "/");
        library.add(&format!("http://localhost:1234/{place}"), read(&path));
    }
    let tests = corpus.join("tests/draft7");
    let (mut ran, mut missed) = (0, Vec::new());
    for path in json_files(&tests) {
        let file = path.strip_prefix(&tests).unwrap().to_str().unwrap().replace('\\', "/");
        if LEFT_OUT.iter().any(|(left_out, _)| *left_out == file) {
            continue;
        }
        // The required file says that formats are not asserted, the optional ones that they are.
        let formats = if file == "format.json" { Formats::Ignored } else { Formats::Asserted };
        for case in read(&path).as_array().unwrap() {
            let schema = library.compile(case.get("schema").unwrap(), formats);
            for test in case.get("tests").and_then(Json::as_array).unwrap() {
                ran += 1;
                let expected = test.get("valid").and_then(Json::as_bool).unwrap();
                let checked = schema.check(test.get("data").unwrap());
                if checked.is_ok() != expected {
                    let case = text(case, "description").to_owned();
                    missed.push((
                        file.clone(),
                        case,
                        text(test, "description").to_owned(),
                        checked,
                    ));
                }
            }
        }
    }
    println!("ran {ran} tests of the draft-07 suite, {} of them missed", missed.len());
    assert!(ran > 1500, "only {ran} tests were found");
    for (file, case, test, checked) in &missed {
        let known = MISSES.iter().any(|miss| (miss.0, miss.1, miss.2) == (file, case, test));
        if !known {
            println!("missed: {file}: {case}: {test}: {checked:?}");
        }
    }
    assert_eq!(missed.len(), MISSES.len(), "other cases are missed than those that are listed");
}
