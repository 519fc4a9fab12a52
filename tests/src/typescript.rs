//! Generated TypeScript clients, compiled and run under Node.
//!
//! In: contracts, and scripts that use their clients. Out: what Node said. The clients come from the
//! program `codegen`, as a user's would; the compiler and `ws` are those of `ts-gen/tests/compile`.

use std::fs;
use std::path::{Path, PathBuf};
use std::process::{Command, Output};

use crate::services::{built, folder, target_folder};

/// The settings that a careful user has.
const SETTINGS: &str = r#"{
  "compilerOptions": {
    "target": "ES2022",
    "lib": ["ES2022"],
    "types": ["node"],
    "module": "NodeNext",
    "moduleResolution": "NodeNext",
    "strict": true,
    "noUncheckedIndexedAccess": true,
    "exactOptionalPropertyTypes": true,
    "noPropertyAccessFromIndexSignature": true,
    "noImplicitOverride": true,
    "noImplicitReturns": true,
    "noFallthroughCasesInSwitch": true,
    "noUnusedLocals": true,
    "noUnusedParameters": true,
    "verbatimModuleSyntax": true,
    "isolatedModules": true,
    "erasableSyntaxOnly": true,
    "rootDir": ".",
    "outDir": "out"
  },
  "include": ["**/*.ts"],
  "exclude": ["out", "node_modules"]
}
"#;

/// A folder with clients and the scripts that use them.
#[derive(Debug)]
pub struct Project {
    folder: PathBuf,
}

impl Project {
    /// An empty project; `None`, said on standard error, if the npm packages were not installed.
    /// `REQUIRE_NODE=1` makes that a failure.
    ///
    /// # Errors
    /// The packages are missing and required, or the folder cannot be made.
    pub fn new(name: &str) -> Result<Option<Self>, String> {
        let packages = folder().join("../ts-gen/tests/compile/node_modules");
        let Ok(packages) = packages.canonicalize() else {
            let how = "run `npm ci` in ts-gen/tests/compile";
            if std::env::var_os("REQUIRE_NODE").is_some_and(|value| value == "1") {
                return Err(how.to_owned());
            }
            eprintln!("left out: no TypeScript client was run; {how}");
            return Ok(None);
        };
        let project = Self { folder: target_folder()?.join("tmp/typescript").join(name) };
        let _ = fs::remove_dir_all(&project.folder);
        project.write("package.json", "{ \"type\": \"module\" }\n")?;
        project.write("tsconfig.json", SETTINGS)?;
        std::os::unix::fs::symlink(packages, project.folder.join("node_modules"))
            .map_err(|error| format!("cannot link the npm packages: {error}"))?;
        Ok(Some(project))
    }

    /// Writes a file of the project.
    ///
    /// # Errors
    /// It cannot be written.
    pub fn write(&self, name: &str, text: &str) -> Result<(), String> {
        let path = self.folder.join(name);
        let parent = path.parent().unwrap_or(&self.folder);
        fs::create_dir_all(parent)
            .and_then(|()| fs::write(&path, text))
            .map_err(|error| format!("cannot write {}: {error}", path.display()))
    }

    /// Copies scripts from `tests/wire/typescript`.
    ///
    /// # Errors
    /// One is not there, or cannot be written.
    pub fn scripts(&self, names: &[&str]) -> Result<(), String> {
        for name in names {
            let path = folder().join("wire/typescript").join(name);
            let text = fs::read_to_string(&path)
                .map_err(|error| format!("cannot read {}: {error}", path.display()))?;
            self.write(name, &text)?;
        }
        Ok(())
    }

    /// Generates the client of a contract into the folder `name`: `codegen ts DOCUMENT --out NAME`.
    ///
    /// # Errors
    /// What `codegen` said.
    pub fn client(&self, name: &str, document: &Path, options: &[&str]) -> Result<(), String> {
        let mut command = Command::new(built("codegen")?);
        command.arg("ts").arg(document).arg("--out").arg(self.folder.join(name)).args(options);
        run(&mut command)
    }

    /// Compiles everything, with the newest compiler and the settings of a careful user.
    ///
    /// # Errors
    /// What the compiler said.
    pub fn compile(&self) -> Result<(), String> {
        let compiler = self.folder.join("node_modules/typescript/bin/tsc");
        run(Command::new("node").arg(compiler).args(["-p", "."]).current_dir(&self.folder))
    }

    /// Runs the tests of a script, which finds in its environment what `environment` says.
    ///
    /// # Errors
    /// What did not pass.
    pub fn test(&self, script: &str, environment: &[(&str, &str)]) -> Result<(), String> {
        let script = Path::new("out").join(script).with_extension("js");
        let mut command = Command::new("node");
        command.arg("--test").arg(script).envs(environment.iter().copied());
        run(command.current_dir(&self.folder))
    }

    /// A command that runs a script.
    pub fn node(&self, script: &str) -> Command {
        let mut command = Command::new("node");
        command.arg(Path::new("out").join(script).with_extension("js")).current_dir(&self.folder);
        command
    }
}

fn run(command: &mut Command) -> Result<(), String> {
    let program = command.get_program().to_string_lossy().into_owned();
    let output = command.output().map_err(|error| format!("cannot run `{program}`: {error}"))?;
    if output.status.success() { Ok(()) } else { Err(shown(&output)) }
}

fn shown(output: &Output) -> String {
    let text = [&output.stdout[..], &output.stderr[..]].concat();
    format!("{}\n{}", output.status, String::from_utf8_lossy(&text))
}
