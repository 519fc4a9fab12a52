//! What generated Rust says of an instance is what generated TypeScript says of it, and what the JSON
//! Schema test suite says.
//!
//! Each case of the suite becomes a contract, each contract a `validate.ts`; the pinned compiler compiles
//! them all, and Node runs them over every instance, read by the runtime's own lossless reader.

// A test stops where something is not as it must be.
#![allow(clippy::unwrap_used, clippy::panic)]

#[path = "../cases.rs"]
#[allow(dead_code, reason = "the build script uses more of it")]
mod cases;

use std::collections::{BTreeMap, BTreeSet};
use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;

use cases::{Case, Suite};
use contract::schema::Implied;
use json::Json;
use json_schema_conformance::CASES;
use ts_gen::{Header, Options};

/// What does not come out as the suite has it, and why: `misses.txt`, one line each.
const MISSES: &str = include_str!("misses.txt");

/// A message with the case as its payload, so that there is a check of what is received, too.
const MESSAGE: &str = "
channels:
  cases:
    address: /
    messages: { case: { payload: { $ref: '#/components/schemas/Case' } } }
operations:
  tell: { action: send, channel: { $ref: '#/channels/cases' } }
";

const MODES: [(&str, Implied); 2] = [("literal", Implied::Literal), ("meant", Implied::Meant)];

/// What was found on one instance.
#[derive(Clone, Debug)]
struct Found {
    valid: bool,
    is_required: bool,
    /// What the check of the schema says; nothing if it passes.
    strict: Option<String>,
    /// The same for what a client gets.
    open: Option<String>,
    rust: Option<String>,
}

#[test]
fn both_languages_and_the_suite_agree_on_every_instance() {
    let Some(corpus) = std::env::var_os("CORPUS_DIR") else {
        eprintln!("left out: CORPUS_DIR names no folder with the suite");
        return;
    };
    let Some(packages) = node_modules() else { return };
    let found = found(Path::new(&corpus), &packages);

    compare_with_the_suite(&found["literal"]);
    for (mode, all) in &found {
        let differs: Vec<&String> = all
            .iter()
            .filter(|(_, each)| each.strict.is_none() != each.rust.is_none())
            .map(|(name, _)| name)
            .collect();
        assert!(differs.is_empty(), "{mode}: Rust and TypeScript do not agree on\n{differs:#?}");
        let refused = all.values().filter(|each| each.strict.is_some());
        let (same, other): (Vec<&Found>, Vec<&Found>) =
            refused.partition(|each| each.strict == each.rust);
        println!(
            "{mode}: {} instances, on all of which both languages agree; {} of {} refusals in the same words",
            all.len(),
            same.len(),
            same.len() + other.len(),
        );
        for each in &other {
            println!("  Rust: {:?}\n  TypeScript: {:?}", each.rust, each.strict);
        }
        assert!(other.is_empty(), "{mode}: {} refusals in other words", other.len());
        for (name, each) in all {
            let narrower = each.strict.is_none() && each.open.is_some();
            assert!(!narrower, "{mode}: {name}: {:?}", each.open);
        }
        let wider = all.values().filter(|each| each.strict.is_some() && each.open.is_none());
        println!("{mode}: {} refused instances may be newer and pass", wider.count());
    }
}

/// The verdicts in the `literal` reading against those of the suite.
fn compare_with_the_suite(all: &BTreeMap<String, Found>) {
    let wrong = |each: &Found| each.strict.is_none() != each.valid;
    let required = all.values().filter(|each| each.is_required);
    let (missed, right): (Vec<&Found>, Vec<&Found>) = required.partition(|each| wrong(each));
    let optional = all.values().filter(|each| !each.is_required);
    let (optional_missed, optional_right): (Vec<&Found>, Vec<&Found>) =
        optional.partition(|each| wrong(each));
    println!(
        "literal: {} of {} required instances as the suite has them, {} of {} optional ones",
        right.len(),
        right.len() + missed.len(),
        optional_right.len(),
        optional_right.len() + optional_missed.len(),
    );
    let misses: BTreeSet<&str> =
        all.iter().filter(|(_, each)| wrong(each)).map(|(name, _)| name.as_str()).collect();
    let known: BTreeSet<&str> =
        MISSES.lines().filter(|line| line.starts_with("literal: ")).collect();
    let known: BTreeSet<&str> =
        known.into_iter().map(|line| line.split(" # ").next().unwrap()).collect();
    assert_eq!(misses, known, "not as misses.txt has it");
}

/// The verdicts of both languages on every instance, by mode and by name.
fn found(corpus: &Path, packages: &Path) -> BTreeMap<&'static str, BTreeMap<String, Found>> {
    let suite = Suite::of(corpus);
    let cases = suite.cases();
    let folder = empty_folder();
    let mut schemas = 0;
    let mut manifest = Vec::new();
    for (mode, implied) in MODES {
        for case in &cases {
            // Without a contract there is nothing to generate, in neither language.
            if let Ok(contract) = suite.contract(case, implied, MESSAGE) {
                let name = format!("{mode}-{}", case.module);
                write(&folder, &name, &contract);
                schemas += 1;
                manifest.push(entry(&name, case));
            }
        }
    }
    compile(&folder, packages);
    println!("{schemas} validators were compiled");
    fs::write(folder.join("manifest.json"), format!("[{}]", manifest.join(",\n"))).unwrap();
    let run = Command::new("node")
        .arg(Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/verdicts.js"))
        .arg(&folder)
        .output()
        .unwrap();
    assert!(run.status.success(), "{}", shown(&run));
    let text = fs::read_to_string(folder.join("verdicts.json")).unwrap();
    let verdicts = Json::parse(&text).unwrap();

    let mut found: BTreeMap<&'static str, BTreeMap<String, Found>> = BTreeMap::new();
    for case in CASES {
        let Some((mode, _)) = MODES.iter().find(|mode| mode.0 == case.mode) else { continue };
        let all = found.entry(mode).or_default();
        let verdicts = verdicts.get(&format!("{mode}-{}", case.module));
        for (at, (what, data, valid)) in case.tests.iter().enumerate() {
            let said = |which: usize| match verdicts {
                None => Some("there is no generated code".to_owned()),
                Some(all) => {
                    let both = all.as_array().unwrap()[at].as_array().unwrap();
                    both[which].as_str().map(str::to_owned)
                }
            };
            let each = Found {
                valid: *valid,
                is_required: !case.file.starts_with("optional"),
                strict: said(0),
                open: said(1),
                rust: (case.calls.check)(&format!("{{\"value\":{data}}}")).err(),
            };
            let name = format!("{mode}: {}: {}: {what}", case.file, case.description);
            all.insert(name, each);
        }
    }
    write_verdicts(&folder, &found);
    found
}

/// `verdicts-rust.json` and `verdicts-typescript.json`, for whoever wants to look at both.
fn write_verdicts(folder: &Path, found: &BTreeMap<&'static str, BTreeMap<String, Found>>) {
    let of_language = |pick: fn(&Found) -> &Option<String>| {
        let lines = found.values().flatten().map(|(name, each)| {
            let said = match pick(each) {
                Some(text) => Json::from(text.as_str()),
                None => Json::Null,
            };
            format!("{}: {said}", Json::from(name.as_str()))
        });
        format!("{{\n{}\n}}\n", lines.collect::<Vec<String>>().join(",\n"))
    };
    fs::write(folder.join("verdicts-rust.json"), of_language(|each| &each.rust)).unwrap();
    fs::write(folder.join("verdicts-typescript.json"), of_language(|each| &each.strict)).unwrap();
}

/// What the script needs of a case.
fn entry(name: &str, case: &Case) -> String {
    let instances = case.tests.iter();
    let instances = instances.map(|test| Json::from(test.data.as_str()).to_string());
    let instances: Vec<String> = instances.collect();
    format!("{{\"name\":{},\"instances\":[{}]}}", Json::from(name), instances.join(","))
}

fn write(folder: &Path, name: &str, contract: &contract::model::Contract) {
    let header = Header { contract: "asyncapi.yaml", version: "0.1.0" };
    let files = ts_gen::generate(contract, &Options::new().validate(true), &header);
    let own = folder.join(name);
    fs::create_dir_all(&own).unwrap();
    // The runtime is the same for all of them, so it is compiled once.
    for file in &files {
        let is_runtime = file.path.starts_with("runtime/");
        let path = if is_runtime { folder.join(&file.path) } else { own.join(&file.path) };
        if !path.exists() {
            fs::create_dir_all(path.parent().unwrap()).unwrap();
            let text = file.text.replace("\"./runtime/", "\"../runtime/");
            fs::write(path, if is_runtime { &file.text } else { &text }).unwrap();
        }
    }
}

fn empty_folder() -> PathBuf {
    let folder = Path::new(env!("CARGO_TARGET_TMPDIR")).join("json-schema-typescript");
    let _ = fs::remove_dir_all(&folder);
    fs::create_dir_all(&folder).unwrap();
    fs::write(folder.join("package.json"), r#"{ "type": "module" }"#).unwrap();
    folder
}

fn compile(folder: &Path, packages: &Path) {
    let config = r#"{
  "compilerOptions": {
    "target": "ES2022", "lib": ["ES2022"], "types": [],
    "module": "NodeNext", "moduleResolution": "NodeNext",
    "strict": true, "noUncheckedIndexedAccess": true, "exactOptionalPropertyTypes": true,
    "noImplicitReturns": true, "noUnusedLocals": true, "noUnusedParameters": true,
    "verbatimModuleSyntax": true, "isolatedDeclarations": true, "declaration": true,
    "erasableSyntaxOnly": true, "rootDir": ".", "outDir": "out"
  },
  "include": ["*/*.ts"]
}"#;
    fs::write(folder.join("tsconfig.json"), config).unwrap();
    let tsc = packages.join("typescript/bin/tsc");
    let run = Command::new("node").arg(tsc).args(["-p", "."]).current_dir(folder).output().unwrap();
    assert!(run.status.success(), "{}", shown(&run));
}

/// The npm packages of ts-gen's tests; `None`, said on standard error, if they were not installed.
/// `REQUIRE_NODE=1` makes that a failure.
fn node_modules() -> Option<PathBuf> {
    let here = Path::new(env!("CARGO_MANIFEST_DIR"));
    let folder = here.join("../../../ts-gen/tests/compile/node_modules");
    if folder.is_dir() {
        return Some(folder);
    }
    let how = "run `npm ci` in ts-gen/tests/compile";
    let is_required = std::env::var_os("REQUIRE_NODE").is_some_and(|value| value == "1");
    assert!(!is_required, "{how}");
    eprintln!("left out: generated TypeScript was not run; {how}");
    None
}

fn shown(run: &std::process::Output) -> String {
    let text = [&run.stdout[..], &run.stderr[..]].concat();
    String::from_utf8_lossy(&text).into_owned()
}
