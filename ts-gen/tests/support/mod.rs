//! Contracts for tests, and what is generated from them.

// Each test file uses some of this. A test stops where something is not as it must be.
#![allow(dead_code, clippy::unwrap_used, clippy::panic)]

use std::fs;
use std::path::{Path, PathBuf};
use std::process::{Command, Output};

use contract::files::Disk;
use contract::location::Location;
use contract::model::Contract;
use ts_gen::{File, Header, Options};

/// The folder of this package.
pub(crate) const HERE: &str = env!("CARGO_MANIFEST_DIR");

/// The contracts of the tests, each with its name: one hazard each, and the trading contract.
pub(crate) fn contracts() -> Vec<(String, PathBuf)> {
    let folder = Path::new(HERE).join("tests/contracts");
    let mut all: Vec<(String, PathBuf)> = folder
        .read_dir()
        .unwrap()
        .map(|entry| entry.unwrap().path())
        .map(|path| (path.file_stem().unwrap().to_str().unwrap().to_owned(), path))
        .collect();
    all.push(("trading".to_owned(), Path::new(HERE).join("../asyncapi.yaml")));
    all.sort();
    all
}

/// Contracts that test other things: those of generated Rust, one hazard each, and the obstacle course,
/// in which every name is one that no language wants.
pub(crate) fn elsewhere() -> Vec<(String, PathBuf)> {
    let root = Path::new(HERE).join("../tests");
    let folders = ["golden", "foreign"].map(|name| root.join(name)).into_iter();
    let mut all: Vec<(String, PathBuf)> = folders
        .flat_map(|folder| folder.read_dir().unwrap().map(|entry| entry.unwrap().path()))
        .map(|path| path.join("asyncapi.yaml"))
        .filter(|path| path.is_file())
        .map(|path| {
            let folder = path.parent().unwrap();
            (folder.file_name().unwrap().to_str().unwrap().to_owned(), path)
        })
        .collect();
    all.push(("the-obstacle-course".to_owned(), root.join("corpus/obstacle-course.yaml")));
    all.sort();
    all
}

/// The contract of the tests that has this name.
pub(crate) fn contract(name: &str) -> Contract {
    let all = contracts();
    let (_, path) = all.iter().find(|pair| pair.0 == name).unwrap();
    load(path).unwrap_or_else(|findings| panic!("{findings}"))
}

/// Reads a contract.
///
/// # Errors
/// What is wrong with it.
pub(crate) fn load(path: &Path) -> Result<Contract, String> {
    let mut files = Disk::new(path.parent().unwrap()).allow_everything();
    let location = Location::named(path.to_str().unwrap());
    let loaded = contract::load(&location, &mut files, &contract::Options::default());
    loaded.contract.map_err(|_| loaded.diagnostics.to_string())
}

/// Generates with a header that is always the same.
pub(crate) fn generate(contract: &Contract, options: &Options) -> Vec<File> {
    let header = Header { contract: "asyncapi.yaml", version: "0.1.0" };
    ts_gen::generate(contract, options, &header)
}

/// The file that users import.
pub(crate) fn client(name: &str, options: &Options) -> String {
    generate(&contract(name), options).swap_remove(0).text
}

/// The validator of a contract.
pub(crate) fn validator(name: &str, options: &Options) -> Option<String> {
    let files = generate(&contract(name), &options.clone().validate(true));
    files.into_iter().find(|file| file.path == "validate.ts").map(|file| file.text)
}

/// An empty folder for generated files that a compiler is let loose on.
pub(crate) fn empty_folder(name: &str) -> PathBuf {
    let folder = Path::new(env!("CARGO_TARGET_TMPDIR")).join(name);
    let _ = fs::remove_dir_all(&folder);
    fs::create_dir_all(&folder).unwrap();
    fs::write(folder.join("package.json"), r#"{ "type": "module" }"#).unwrap();
    folder
}

/// Writes the files of a contract into a folder of its own. The runtime is the same for all of them, so
/// it stands beside them and is compiled once.
pub(crate) fn write(folder: &Path, name: &str, files: &[File]) {
    let own = folder.join(name);
    fs::create_dir_all(&own).unwrap();
    for file in files {
        let is_shared = file.path.starts_with("runtime/");
        let path = if is_shared { folder.join(&file.path) } else { own.join(&file.path) };
        if !is_shared || !path.exists() {
            fs::create_dir_all(path.parent().unwrap()).unwrap();
            fs::write(path, &file.text).unwrap();
        }
    }
    let _ = std::os::unix::fs::symlink(folder.join("runtime"), own.join("runtime"));
}

/// The npm packages that the tests need; `None`, said on standard error, if they were not installed.
/// `REQUIRE_NODE=1` makes that a failure.
pub(crate) fn node_modules() -> Option<PathBuf> {
    let folder = Path::new(HERE).join("tests/compile/node_modules");
    if folder.is_dir() {
        return Some(folder);
    }
    let how = "run `npm ci` in ts-gen/tests/compile";
    if std::env::var_os("REQUIRE_NODE").is_some_and(|value| value == "1") {
        panic!("{how}");
    }
    eprintln!("left out: generated TypeScript was not compiled; {how}");
    None
}

/// The strictest settings that a user may have.
pub(crate) const STRICT: &str = r#""target": "ES2022",
    "lib": ["ES2022"],
    "module": "NodeNext",
    "moduleResolution": "NodeNext",
    "types": [],
    "declaration": true,
    "strict": true,
    "noUncheckedIndexedAccess": true,
    "exactOptionalPropertyTypes": true,
    "noPropertyAccessFromIndexSignature": true,
    "noImplicitOverride": true,
    "noImplicitReturns": true,
    "noFallthroughCasesInSwitch": true,
    "noUnusedLocals": true,
    "noUnusedParameters": true,
    "noUncheckedSideEffectImports": true,
    "allowUnreachableCode": false,
    "verbatimModuleSyntax": true,
    "isolatedModules": true,
    "isolatedDeclarations": true,
    "erasableSyntaxOnly": true"#;

/// Compiles everything in a folder with `settings`, which are entries of `compilerOptions`.
pub(crate) fn compile(folder: &Path, compiler: &Path, settings: &str) {
    let config = format!(
        "{{\n  \"compilerOptions\": {{\n    {settings}\n  }},\n  \"include\": [\"*.ts\", \"*/index.ts\", \"*/validate.ts\"]\n}}\n"
    );
    fs::write(folder.join("tsconfig.json"), config).unwrap();
    let tsc = compiler.join("bin/tsc");
    let run = Command::new("node").arg(tsc).args(["-p", "."]).current_dir(folder).output().unwrap();
    assert!(run.status.success(), "{}", shown(&run));
}

/// What a command printed.
pub(crate) fn shown(run: &Output) -> String {
    let text = [&run.stdout[..], &run.stderr[..]].concat();
    String::from_utf8_lossy(&text).into_owned()
}
