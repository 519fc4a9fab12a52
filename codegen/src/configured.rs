//! Commands whose options come from `codegen.toml`.

use std::ffi::{OsStr, OsString};
use std::path::{Path, PathBuf};

use clap::parser::ValueSource;
use clap::{ArgMatches, FromArgMatches};
use contract::Severity;

use crate::args::Args;
use crate::commands;
use crate::config::{self, Run};
use crate::outcome::{Failure, Outcome, Result};
use crate::output::Printer;

/// Runs the command that was typed, with the options that the file has for it; as often as the file has a
/// table of it, or once.
pub(crate) fn one(
    path: &Path,
    typed: &[OsString],
    matches: &ArgMatches,
    printer: &Printer,
) -> Result {
    let Some((command, own)) = matches.subcommand() else { return Ok(Outcome::Good) };
    let runs = read(path, printer)?;
    let is_typed = |id: &str| {
        own.try_contains_id(id).is_ok() && own.value_source(id) == Some(ValueSource::CommandLine)
    };
    // `--explain` reads no document, so that no option of the file is about it.
    let is_alone = is_typed("explain");
    let mut outcome = Outcome::Good;
    let mut has_run = false;
    for run in runs.iter().filter(|run| run.command == command) {
        let words = if is_alone { Vec::new() } else { run.words(is_typed) };
        outcome = outcome.max(execute(with(typed, words), printer)?);
        has_run = true;
        if is_alone {
            break;
        }
    }
    if has_run { Ok(outcome) } else { execute(typed.to_vec(), printer) }
}

/// Runs every command that the file asks for.
pub(crate) fn all(path: Option<&Path>, check: bool, printer: &Printer) -> Result {
    let path = match path {
        Some(path) => path.to_owned(),
        None => find()?,
    };
    let runs = read(&path, printer)?;
    if runs.is_empty() {
        let path = path.display();
        return Err(Failure::new(format!(
            "{path} asks for nothing: write a table, such as `[ts]`"
        )));
    }
    let root = Args::root();
    let mut outcome = Outcome::Good;
    for run in &runs {
        let mut words = vec![OsString::from("codegen"), OsString::from(&run.command)];
        words.extend(run.words(|_| false));
        let writes = root
            .find_subcommand(&run.command)
            .is_some_and(|command| command.get_arguments().any(|arg| arg.get_id() == "check"));
        if writes && !run.has("out") {
            let (path, command) = (path.display(), &run.command);
            return Err(Failure::new(format!("{path}: `[{command}]` needs `out`: where to write")));
        }
        if check && writes {
            words.push("--check".into());
        }
        let line: Vec<_> = words.iter().map(|word| word.to_string_lossy()).collect();
        printer.say(&format!("> {}", line.join(" ")));
        outcome = outcome.max(execute(words, printer)?);
    }
    Ok(outcome)
}

fn execute(words: Vec<OsString>, printer: &Printer) -> Result {
    let matches = Args::root().get_matches_from(words);
    let args = Args::from_arg_matches(&matches).unwrap_or_else(|error| error.exit());
    match args.command {
        Some(command) => commands::run(&command, printer),
        None => Ok(Outcome::Good),
    }
}

/// What was typed with more options: before a `--`, behind which there are none.
fn with(typed: &[OsString], words: Vec<OsString>) -> Vec<OsString> {
    let end = typed.iter().position(|word| word == OsStr::new("--")).unwrap_or(typed.len());
    let mut all = typed[..end].to_vec();
    all.extend(words);
    all.extend_from_slice(&typed[end..]);
    all
}

/// The runs of a file; what is wrong with it was printed, if there are none.
fn read(path: &Path, printer: &Printer) -> std::result::Result<Vec<Run>, Failure> {
    let name = path.display().to_string();
    let text = std::fs::read_to_string(path)
        .map_err(|error| Failure::new(format!("cannot read {name}: {error}")))?;
    config::read(&name, path, &text).map_err(|diagnostics| {
        printer.findings(&diagnostics, Severity::Error);
        Failure::new(format!("{name} cannot be used"))
    })
}

/// `codegen.toml` in the working directory or above, as seen from there.
fn find() -> std::result::Result<PathBuf, Failure> {
    let working = std::env::current_dir()
        .map_err(|error| Failure::new(format!("the working directory is gone: {error}")))?;
    let levels = working.ancestors().count();
    (0..levels)
        .map(|up| Path::new(&"../".repeat(up)).join(config::NAME))
        .find(|path| working.join(path).is_file())
        .ok_or_else(|| {
            Failure::new(format!(
                "there is no `{}` in {} or above; write one, or name a command (`codegen --help`)",
                config::NAME,
                working.display()
            ))
        })
}
