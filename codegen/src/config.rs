//! `codegen.toml`: the options of every command, so that a project regenerates with one word.
//!
//! In: the text of the file. Out: a list of [`Run`]s, each a command with the words that would have been
//! typed. What a key may be and may hold is read off the command line itself, so that a new option is a key
//! at once. Relative paths count from the folder of the file.

use std::any::TypeId;
use std::borrow::Cow;
use std::ffi::OsString;
use std::ops::Range;
use std::path::{Path, PathBuf};

use clap::error::ErrorKind;
use clap::{Arg, ArgAction, Command};
use contract::nearest::nearest;
use contract::{Diagnostic, Diagnostics, FileId, Rule, Severity, SourceMap, Span};
use toml::Spanned;
use toml::de::{DeTable, DeValue};

use crate::args::Args;

/// What the file is called.
pub(crate) const NAME: &str = "codegen.toml";

/// Options that make sense when they are typed, and not in a file.
const TYPED_ONLY: [&str; 4] = ["help", "check", "config", "explain"];

/// `config/invalid`
pub(crate) static INVALID: Rule = Rule {
    id: "config/invalid",
    severity: Severity::Error,
    page: "\
A key or a value of `codegen.toml` is none. The file has a table for each command that a project
regenerates with, or several of one (`[[ts]]`). Keys are the options of the command without their
hyphens: a flag is `true`, what may be repeated is a list. A key above the first table holds for
every command that has the option. Relative paths count from the folder of the file.

Wrong:

```toml
[ts]
ouput = \"web/api\"
```

Right:

```toml
document = \"asyncapi.yaml\"

[ts]
out = \"web/api\"
```
",
};

/// A command that the file asks for.
#[derive(Debug)]
pub(crate) struct Run {
    /// Its name, such as `ts`.
    pub(crate) command: String,
    /// The options that the file gives it.
    pub(crate) settings: Vec<Setting>,
}

/// An option and its words on the command line.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Setting {
    /// The option as clap knows it.
    pub(crate) id: String,
    words: Vec<OsString>,
}

impl Run {
    /// The words of the options, but for those that `is_typed` says are on the command line already.
    pub(crate) fn words(&self, is_typed: impl Fn(&str) -> bool) -> Vec<OsString> {
        let settings = self.settings.iter().filter(|setting| !is_typed(&setting.id));
        settings.flat_map(|setting| setting.words.iter().cloned()).collect()
    }

    /// Whether an option is set.
    pub(crate) fn has(&self, id: &str) -> bool {
        self.settings.iter().any(|setting| setting.id == id)
    }
}

/// Reads the text of the file at `path`, which messages call `name`: the runs in the order in which they
/// stand there; or everything that is wrong with it.
pub(crate) fn read(name: &str, path: &Path, text: &str) -> Result<Vec<Run>, Diagnostics> {
    let mut sources = SourceMap::default();
    let file = sources.add(name, text);
    let folder = path.parent().map(Path::to_owned).unwrap_or_default();
    let mut reader = Reader { file, folder, findings: Vec::new() };
    let (document, errors) = DeTable::parse_recoverable(text);
    for error in errors {
        reader.report(error.span().unwrap_or(0..0), error.message().to_owned());
    }
    let runs =
        if reader.findings.is_empty() { reader.document(document.get_ref()) } else { Vec::new() };
    if reader.findings.is_empty() {
        Ok(runs)
    } else {
        Err(Diagnostics::new(sources, reader.findings))
    }
}

struct Reader {
    file: FileId,
    folder: PathBuf,
    findings: Vec<Diagnostic>,
}

/// A value under its key.
type Entry<'d, 'i> = (&'d Spanned<Cow<'i, str>>, &'d Spanned<DeValue<'i>>);

/// The entries of a table in the order in which they are written.
fn entries<'d, 'i>(table: &'d DeTable<'i>) -> Vec<Entry<'d, 'i>> {
    let mut entries: Vec<_> = table.iter().collect();
    entries.sort_by_key(|(key, _)| key.span().start);
    entries
}

impl Reader {
    fn document(&mut self, document: &DeTable<'_>) -> Vec<Run> {
        let root = Args::root();
        let mut runs = Vec::new();
        let mut for_all = Vec::new();
        for (key, value) in entries(document) {
            let name: &str = key.get_ref();
            let command = root.find_subcommand(name).filter(|_| name != "help");
            let tables: Vec<&DeTable<'_>> = match value.get_ref() {
                DeValue::Table(table) => vec![table],
                DeValue::Array(items)
                    if items.iter().all(|item| item.get_ref().is_table()) && !items.is_empty() =>
                {
                    items.iter().filter_map(|item| item.get_ref().as_table()).collect()
                }
                _ => Vec::new(),
            };
            match (command, tables.is_empty()) {
                (Some(command), false) => {
                    for table in tables {
                        let settings = self.table(command, table);
                        runs.push(Run { command: name.to_owned(), settings });
                    }
                }
                (Some(_), true) => {
                    self.report(
                        key.span(),
                        format!("`{name}` is a command: write its options into a table `[{name}]`"),
                    );
                }
                (None, false) => {
                    let commands = root.get_subcommands().map(Command::get_name);
                    self.unknown(
                        key.span(),
                        format!("there is no command `{name}`"),
                        name,
                        commands,
                    );
                }
                (None, true) => for_all.push((key, value)),
            }
        }
        for (key, value) in for_all {
            self.setting_of_all(&root, &mut runs, key, value);
        }
        runs
    }

    /// An option above the tables holds for every command that has it, and does not say otherwise itself.
    fn setting_of_all(
        &mut self,
        root: &Command,
        runs: &mut [Run],
        key: &Spanned<Cow<'_, str>>,
        value: &Spanned<DeValue<'_>>,
    ) {
        let name: &str = key.get_ref();
        let having: Vec<(&Command, &Arg)> = root
            .get_subcommands()
            .filter_map(|command| Some((command, option(command, name)?)))
            .collect();
        let Some(&(first, arg)) = having.first() else {
            let names =
                root.get_subcommands().flat_map(|command| options(command).filter_map(key_of));
            self.unknown(key.span(), format!("no command has an option `{name}`"), name, names);
            return;
        };
        let Some(setting) = self.setting(first, arg, name, value) else { return };
        for run in runs {
            if having.iter().any(|(command, _)| command.get_name() == run.command)
                && !run.has(&setting.id)
            {
                run.settings.push(setting.clone());
            }
        }
    }

    fn table(&mut self, command: &Command, table: &DeTable<'_>) -> Vec<Setting> {
        let mut settings = Vec::new();
        for (key, value) in entries(table) {
            let name: &str = key.get_ref();
            match option(command, name) {
                Some(arg) => settings.extend(self.setting(command, arg, name, value)),
                None if TYPED_ONLY.contains(&name) => {
                    let message = format!(
                        "`{name}` is for the command line: `codegen {} --{name}`",
                        command.get_name()
                    );
                    self.report(key.span(), message);
                }
                None => {
                    let message =
                        format!("`codegen {}` has no option `{name}`", command.get_name());
                    self.unknown(key.span(), message, name, options(command).filter_map(key_of));
                }
            }
        }
        settings
    }

    /// The words for an option; `None` if the value is not one of it.
    fn setting(
        &mut self,
        command: &Command,
        arg: &Arg,
        key: &str,
        value: &Spanned<DeValue<'_>>,
    ) -> Option<Setting> {
        let id = arg.get_id().to_string();
        let words = match (arg.get_action(), value.get_ref()) {
            (ArgAction::SetTrue, DeValue::Boolean(false)) => Vec::new(),
            (ArgAction::SetTrue, DeValue::Boolean(true)) => {
                vec![OsString::from(format!("--{key}"))]
            }
            (ArgAction::SetTrue, other) => {
                return self.wrong_kind(value.span(), key, "true or false", other);
            }
            (ArgAction::Append, DeValue::Array(items)) => {
                let words: Vec<Option<OsString>> =
                    items.iter().map(|item| self.word(command, arg, key, item)).collect();
                words.into_iter().collect::<Option<_>>()?
            }
            (ArgAction::Append, other) => {
                return self.wrong_kind(value.span(), key, "a list of texts", other);
            }
            (_, _) => vec![self.word(command, arg, key, value)?],
        };
        Some(Setting { id, words })
    }

    fn word(
        &mut self,
        command: &Command,
        arg: &Arg,
        key: &str,
        value: &Spanned<DeValue<'_>>,
    ) -> Option<OsString> {
        let text = match value.get_ref() {
            DeValue::String(text) => text.clone().into_owned(),
            DeValue::Integer(number) if number.radix() == 10 => number.as_str().to_owned(),
            other => return self.wrong_kind(value.span(), key, "a text", other),
        };
        let mut word = OsString::new();
        if !arg.is_positional() {
            word.push(format!("--{key}="));
        }
        if arg.get_value_parser().type_id() == TypeId::of::<PathBuf>() && text != "-" {
            word.push(self.folder.join(&text));
        } else {
            word.push(&text);
        }
        // clap is asked about this option alone: what it says of a value is what it says of a typed one.
        let typed = [OsString::from("codegen"), command.get_name().into(), word.clone()];
        let Err(error) = Args::root().try_get_matches_from(typed) else { return Some(word) };
        if !matches!(error.kind(), ErrorKind::InvalidValue | ErrorKind::ValueValidation) {
            return Some(word);
        }
        let possible = arg.get_possible_values();
        let names: Vec<&str> = possible.iter().map(|value| value.get_name()).collect();
        match std::error::Error::source(&error) {
            Some(reason) => {
                self.report(value.span(), format!("`{text}` cannot be `{key}`: {reason}"))
            }
            None => {
                let list: Vec<String> = names.iter().map(|name| format!("`{name}`")).collect();
                let message =
                    format!("`{text}` cannot be `{key}`: write one of {}", list.join(", "));
                self.unknown(value.span(), message, &text, names.iter().copied());
            }
        }
        None
    }

    fn wrong_kind<T>(
        &mut self,
        span: Range<usize>,
        key: &str,
        wanted: &str,
        found: &DeValue<'_>,
    ) -> Option<T> {
        let found = found.type_str();
        self.report(span, format!("`{key}` is {wanted}, this is of type {found}"));
        None
    }

    fn unknown<'c>(
        &mut self,
        span: Range<usize>,
        message: String,
        name: &str,
        known: impl Iterator<Item = &'c str>,
    ) {
        let mut finding =
            Diagnostic::new(&INVALID, Span::new(self.file, span.start, span.end), message);
        if let Some(near) = nearest(name, known) {
            finding = finding.help(format!("did you mean `{near}`?"));
        }
        self.findings.push(finding);
    }

    fn report(&mut self, span: Range<usize>, message: String) {
        self.findings.push(Diagnostic::new(
            &INVALID,
            Span::new(self.file, span.start, span.end),
            message,
        ));
    }
}

/// The options of a command that may stand in the file.
fn options(command: &Command) -> impl Iterator<Item = &Arg> {
    command.get_arguments().filter(|arg| !TYPED_ONLY.contains(&arg.get_id().as_str()))
}

/// An option by its key: as it is typed, without the hyphens.
fn option<'c>(command: &'c Command, key: &str) -> Option<&'c Arg> {
    options(command).find(|arg| key_of(arg) == Some(key))
}

fn key_of(arg: &Arg) -> Option<&str> {
    if arg.is_positional() { Some(arg.get_id().as_str()) } else { arg.get_long() }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_option_of_every_command_is_a_key() {
        for command in Args::root().get_subcommands() {
            for arg in options(command) {
                let known = matches!(
                    arg.get_action(),
                    ArgAction::SetTrue | ArgAction::Append | ArgAction::Set
                );
                assert!(
                    known && key_of(arg).is_some(),
                    "{}: {:?}",
                    command.get_name(),
                    arg.get_id()
                );
            }
        }
    }
}
