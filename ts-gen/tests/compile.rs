//! Every snapshot is compiled with the strictest settings, linted as the runtime is, and laid out as a
//! formatter would.

// A test stops where something is not as it must be.
#![allow(clippy::unwrap_used, clippy::panic)]

mod support;

use std::fs;
use std::path::Path;
use std::process::Command;

use support::{
    HERE, STRICT, compile, contract, contracts, elsewhere, empty_folder, generate, load,
    node_modules, shown, write,
};
use ts_gen::{ImportExtension, Options};

/// The clients of all contracts, with what a user writes against the trading one.
fn all(folder: &Path, options: &Options) {
    for (name, _) in contracts() {
        write(folder, &name, &generate(&contract(&name), options));
    }
}

#[test]
fn every_client_compiles_under_the_strictest_settings() {
    let Some(packages) = node_modules() else { return };
    let folder = empty_folder("strict");
    all(&folder, &Options::new());
    let usage = Path::new(HERE).join("tests/compile/usage.ts");
    fs::copy(usage, folder.join("usage.ts")).unwrap();
    compile(&folder, &packages.join("typescript"), &format!("{STRICT},\n    \"noEmit\": true"));
}

#[test]
fn contracts_that_hurt_other_languages_give_clients_that_compile() {
    let Some(packages) = node_modules() else { return };
    let folder = empty_folder("elsewhere");
    let all = elsewhere();
    for (name, path) in &all {
        let contract = load(path).unwrap_or_else(|findings| panic!("{findings}"));
        write(&folder, name, &generate(&contract, &Options::new().validate(true)));
    }
    compile(&folder, &packages.join("typescript"), &format!("{STRICT},\n    \"noEmit\": true"));
    eprintln!("{} clients with validators were compiled", all.len());
}

#[test]
fn every_client_compiles_with_the_oldest_compiler_and_lax_settings() {
    let Some(packages) = node_modules() else { return };
    let folder = empty_folder("oldest");
    all(&folder, &Options::new().validate(true));
    let settings = r#""target": "ES2022",
    "lib": ["ES2022", "DOM"],
    "module": "ESNext",
    "moduleResolution": "Bundler",
    "types": [],
    "noEmit": true"#;
    let compiler = packages.join("typescript-oldest");
    compile(&folder, &compiler, &format!("{settings},\n    \"strict\": true"));

    // Lax settings hardly find anything that strict ones do not, and this compiler takes its time.
    let folder = empty_folder("lax");
    for name in ["trading", "unions", "numbers"] {
        write(&folder, name, &generate(&contract(name), &Options::new()));
    }
    compile(&folder, &compiler, settings);
}

#[test]
fn clients_with_a_validator_compile_too() {
    let Some(packages) = node_modules() else { return };
    let folder = empty_folder("validated");
    all(&folder, &Options::new().validate(true));
    compile(&folder, &packages.join("typescript"), &format!("{STRICT},\n    \"noEmit\": true"));
}

#[test]
fn closed_clients_and_other_imports_compile_too() {
    let Some(packages) = node_modules() else { return };
    let folder = empty_folder("options");
    let options = Options::new()
        .closed(true)
        .validate(true)
        .msgpack(true)
        .import_extension(ImportExtension::Ts);
    all(&folder, &options);
    let settings =
        format!("{STRICT},\n    \"noEmit\": true,\n    \"allowImportingTsExtensions\": true");
    compile(&folder, &packages.join("typescript"), &settings);
}

#[test]
fn every_client_is_linted_and_laid_out_like_the_runtime() {
    let Some(packages) = node_modules() else { return };
    let folder = empty_folder("lint");
    all(&folder, &Options::new().validate(true).msgpack(true));
    let rules = Path::new(HERE).join("runtime/biome.jsonc");
    // Hostile names look like forgotten templates, and formatters differ about letters beyond ASCII.
    let config = format!(
        "{{\n  \"extends\": [{:?}],\n  \"files\": {{ \"includes\": [\"*/index.ts\", \"*/validate.ts\", \"!*.json*\", \"!runtime\", \"!hostile\"] }}\n}}\n",
        rules.to_str().unwrap()
    );
    fs::write(folder.join("biome.jsonc"), config).unwrap();
    let run = Command::new(packages.join(".bin/biome"))
        .args(["check", "--error-on-warnings", "--colors=off", "."])
        .current_dir(&folder)
        .output()
        .unwrap();
    assert!(run.status.success(), "{}", shown(&run));
    let said = shown(&run);
    let checked = said.split_whitespace().find_map(|word| word.parse::<usize>().ok());
    assert!(checked >= Some(contracts().len() - 1), "{said}");
}
