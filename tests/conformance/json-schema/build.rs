//! Each case of the suite → a contract → generated Rust, as a module of its own.
//!
//! The suite is looked for in the folder that `CORPUS_DIR` names; without it there are no cases, and the
//! test says so.

// A build script stops where something is not as it must be.
#![allow(clippy::unwrap_used, clippy::panic)]

mod cases;

use std::fmt::Write;
use std::path::{Path, PathBuf};

use cases::{Case, Suite};
use contract::schema::Implied;
use rust_gen::Side;

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
    println!("cargo::rerun-if-changed=cases.rs");
    println!("cargo::rerun-if-changed=metaschema.json");
    let mut out = Out::default();
    if let Some(corpus) = std::env::var_os("CORPUS_DIR") {
        let suite = Suite::of(Path::new(&corpus));
        println!("cargo::rerun-if-changed={}", suite.root().display());
        let cases = suite.cases();
        for mode in MODES {
            writeln!(out.modules, "pub mod {} {{", mode.name).unwrap();
            for case in &cases {
                out.case(&suite, case, &mode);
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
    fn case(&mut self, suite: &Suite, case: &Case, mode: &Mode) {
        let Case { file, module, description, .. } = case;
        let calls = match generate(suite, case, mode) {
            Ok(text) => {
                writeln!(self.modules, "pub mod {module} {{\n{text}}}").unwrap();
                format!("crate::Calls::of::<{}::{module}::Case>()", mode.name)
            }
            Err(error) => format!("crate::Calls::none({error:?})"),
        };
        let tests = case.tests.iter();
        let tests =
            tests.map(|test| format!("({:?}, {:?}, {})", test.description, test.data, test.valid));
        let tests: Vec<String> = tests.collect();
        writeln!(
            self.rows,
            "crate::Case {{ mode: {:?}, file: {file:?}, module: {module:?}, description: {description:?}, \
             calls: {calls}, tests: &[{}] }},",
            mode.name,
            tests.join(", ")
        )
        .unwrap();
    }
}

fn generate(suite: &Suite, case: &Case, mode: &Mode) -> Result<String, String> {
    let contract = suite.contract(case, mode.implied, "")?;
    let generated = rust_gen::generate(&contract, &rust_gen::Options::new().side(mode.side))
        .map_err(|error| error.to_string())?;
    rust_gen::format(generated.tokens).map_err(|error| error.to_string())
}
