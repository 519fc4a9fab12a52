//! What the JSON Schema test suite says is what generated code says, on every instance.

// A test stops where something is not as it must be.
#![allow(clippy::unwrap_used, clippy::panic)]

use std::collections::BTreeSet;

use asyncapi_ws::json::Json;
use json_schema_conformance::{CASES, Case};

/// What does not come out as the suite has it, and why: `misses.txt`, one line each.
const MISSES: &str = include_str!("misses.txt");

/// An instance of a case.
struct Instance {
    case: &'static Case,
    what: &'static str,
    valid: bool,
    /// The instance in its frame.
    text: String,
}

impl Instance {
    fn name(&self) -> String {
        let Case { mode, file, description, .. } = self.case;
        format!("{mode}: {file}: {description}: {}", self.what)
    }
}

/// The instances of a mode, of the part of the suite that must be there or of all.
fn instances(mode: &str, all: bool) -> Vec<Instance> {
    let cases = CASES.iter().filter(|case| case.mode == mode);
    let cases: Vec<&Case> =
        cases.filter(|case| all || !case.file.starts_with("optional")).collect();
    if cases.is_empty() {
        eprintln!("left out: CORPUS_DIR named no folder with the suite when this crate was built");
    } else {
        println!("{mode}: {} schemas", cases.len());
    }
    cases
        .into_iter()
        .flat_map(|case| {
            case.tests.iter().map(move |(what, data, valid)| Instance {
                case,
                what,
                valid: *valid,
                text: format!("{{\"value\":{data}}}"),
            })
        })
        .collect()
}

/// Compares with what is known to differ.
fn compare(mode: &str, found: &BTreeSet<String>) {
    if CASES.is_empty() {
        return;
    }
    let prefix = format!("{mode}: ");
    let known = MISSES.lines().filter(|line| line.starts_with(&prefix));
    let known: BTreeSet<String> =
        known.map(|line| line.split(" # ").next().unwrap().to_owned()).collect();
    let new: Vec<_> = found.difference(&known).collect();
    assert!(new.is_empty(), "not as the suite says, and not in misses.txt:\n{new:#?}");
    let gone: Vec<_> = known.difference(found).collect();
    assert!(gone.is_empty(), "in misses.txt, but as the suite says:\n{gone:#?}");
}

#[test]
fn the_verdict_of_the_check_is_that_of_the_suite() {
    let all = instances("literal", true);
    let misses: BTreeSet<String> = all
        .iter()
        .filter(|each| (each.case.calls.check)(&each.text).is_ok() != each.valid)
        .map(Instance::name)
        .collect();
    let required = all.iter().filter(|each| !each.case.file.starts_with("optional")).count();
    println!("literal: {} instances ({required} required), {} misses", all.len(), misses.len());
    assert!(misses.iter().all(|miss| miss.starts_with("literal: optional/")), "{misses:#?}");
    compare("literal", &misses);
}

#[test]
fn what_is_meant_differs_in_typeless_schemas_only() {
    let all = instances("meant", false);
    let mut misses = 0;
    for each in &all {
        let verdict = (each.case.calls.check)(&each.text);
        if verdict.is_ok() != each.valid {
            misses += 1;
            // Either the type that the keywords imply is demanded; or the demand is inside a `not`, a
            // `oneOf` or a condition, where more demanded means less refused.
            let typeless = verdict.as_ref().is_err_and(|error| error.contains(": type: "))
                || ["not", "oneOf", "anyOf", "if-then-else", "contains", "infinite", "ref"]
                    .iter()
                    .any(|file| each.case.file.starts_with(file));
            assert!(typeless, "{}: {verdict:?}", each.name());
        }
    }
    println!("meant: {} instances, {misses} differ because a type is implied", all.len());
}

#[test]
fn a_frame_is_read_exactly_if_its_check_passes() {
    for mode in ["literal", "meant"] {
        let mut misses = BTreeSet::new();
        let all = instances(mode, true);
        for each in &all {
            let check = (each.case.calls.check)(&each.text);
            let read = (each.case.calls.read)(&each.text);
            if check.is_ok() != read.is_ok() {
                misses.insert(format!("read {}", each.name()));
            }
        }
        println!("{mode}: {} frames, {} read differently", all.len(), misses.len());
        compare(&format!("read {mode}"), &misses);
    }
}

#[test]
fn what_a_client_reads_it_writes_unchanged() {
    let mut misses = BTreeSet::new();
    let all = instances("open", true);
    let valid: Vec<_> = all.iter().filter(|each| each.valid).collect();
    for each in &valid {
        let json = Json::parse(&each.text).unwrap();
        let read = (each.case.calls.read)(&each.text);
        let decoded = (each.case.calls.decode)(&each.text);
        if read.as_ref() != Ok(&json) || decoded.as_ref() != Ok(&json) {
            misses.insert(format!("write {}", each.name()));
        }
    }
    println!(
        "open: {} valid instances, {} not written as they were read",
        valid.len(),
        misses.len()
    );
    compare("write open", &misses);
}

#[test]
fn what_breaks_its_schema_is_not_sent() {
    let all = instances("open", true);
    let mut counts = [0; 2];
    for each in &all {
        // What the type cannot hold cannot be sent either.
        let Ok(again) = (each.case.calls.read)(&each.text) else { continue };
        if again != Json::parse(&each.text).unwrap() {
            continue;
        }
        let check = (each.case.calls.check)(&each.text);
        let send = (each.case.calls.send)(&each.text);
        assert_eq!(send.is_ok(), check.is_ok(), "{}: {send:?}, {check:?}", each.name());
        counts[usize::from(send.is_ok())] += 1;
    }
    println!("open: {} values sent, {} refused", counts[1], counts[0]);
}

#[test]
fn every_schema_of_the_suite_has_generated_code() {
    let mut missing = BTreeSet::new();
    for case in CASES {
        if let Some(why) = case.calls.missing {
            let line = why.lines().next().unwrap_or_default();
            println!("{}: {}: {}: {line}", case.mode, case.file, case.description);
            missing.insert(case.file);
        }
    }
    assert!(missing.iter().all(|file| *file == "optional/cross-draft.json"), "{missing:?}");
}

#[test]
fn nothing_that_runs_interprets_schemas() {
    let cargo = std::env::var_os("CARGO").unwrap_or_else(|| "cargo".into());
    let output = std::process::Command::new(cargo)
        .args(["tree", "--offline", "--edges", "normal", "--prefix", "none", "--package"])
        .arg(env!("CARGO_PKG_NAME"))
        .current_dir(env!("CARGO_MANIFEST_DIR"))
        .output()
        .unwrap();
    let tree = String::from_utf8(output.stdout).unwrap();
    let packages: BTreeSet<&str> =
        tree.lines().filter_map(|line| line.split_whitespace().next()).collect();
    assert!(packages.contains("asyncapi-ws"), "{tree}");
    for interpreter in ["contract", "rust-gen", "typify", "jsonschema", "schemars", "boon"] {
        assert!(!packages.contains(interpreter), "{interpreter} is in the tree:\n{tree}");
    }
    println!("{} packages run, none of them a contract: {packages:?}", packages.len());
}
