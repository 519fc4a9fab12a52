//! What can be typed. Every option says its default and gives an example.

use std::path::PathBuf;

use clap::{Args as ClapArgs, Parser, Subcommand, ValueEnum};
use contract::Rule;
use contract::nearest::nearest;
use contract::schema::Implied;

/// Rust, TypeScript and JSON from an AsyncAPI document, and what is wrong with it.
#[derive(Debug, Parser)]
#[command(
    name = "codegen",
    version,
    max_term_width = 100,
    after_help = "Without a command, everything that `codegen.toml` asks for is done: it has a table for each\n\
                  command ([ts], or [[ts]] for several), whose keys are the options without the hyphens.\n\
                  \n\
                  Exit status: 0 good, 1 findings (an invalid document, stale files), 2 could not run.\n\
                  \n\
                  Example: codegen ts --out frontend/src/api\n\
                  Example: codegen   (with a codegen.toml here or above)"
)]
pub(crate) struct Args {
    #[command(subcommand)]
    pub(crate) command: Option<Command>,

    /// Take options from this file; what is typed wins [default: none; without a command, `codegen.toml`
    /// in the working directory or above]
    #[arg(long, value_name = "FILE", global = true)]
    pub(crate) config: Option<PathBuf>,

    /// Without a command: write nothing; fail if files on disk are not what would be written
    #[arg(long = "check", id = "check-all")]
    pub(crate) check_all: bool,
}

impl Args {
    /// The command line, to look at.
    pub(crate) fn root() -> clap::Command {
        <Self as clap::CommandFactory>::command()
    }
}

/// What to do.
#[derive(Debug, Subcommand)]
pub(crate) enum Command {
    /// Write TypeScript: types, a typed client, and the runtime beneath it
    #[command(after_help = "Example: codegen ts --out frontend/src/api\n\
                            Example: codegen ts --out frontend/src/api --validate\n\
                            Example: codegen ts --out frontend/src/api --check   (in CI)")]
    Ts(TsArgs),
    /// Write Rust: the file that a build script would write
    #[command(after_help = "Example: codegen rust --out src/api.rs --module api\n\
                            Example: codegen rust --out src/api.rs --check   (in CI)")]
    Rust(RustArgs),
    /// Write the contract as JSON, in the version of AsyncAPI that a consumer reads
    #[command(after_help = "Example: codegen json --asyncapi 2.4.0 > asyncapi.json")]
    Json(JsonArgs),
    /// Say what is wrong with the document
    #[command(after_help = "Example: codegen check\n\
                            Example: codegen check --deny-warnings --allow component/unused\n\
                            Example: codegen check --format sarif > check.sarif   (in CI)\n\
                            Example: codegen check --explain message/no-discriminator")]
    Check(CheckArgs),
    /// Write the manual of all rules that a document can break
    #[command(after_help = "Example: codegen rules --out docs/rules.md")]
    Rules(RulesArgs),
}

/// Which document.
#[derive(Clone, Debug, ClapArgs)]
pub(crate) struct DocumentArgs {
    /// The AsyncAPI document: a file, or `-` for standard input [default: `asyncapi.yaml` in the working
    /// directory or above]
    #[arg(value_name = "DOCUMENT")]
    pub(crate) document: Option<PathBuf>,

    /// Let references lead out of the folder of the document and the working directory
    #[arg(long)]
    pub(crate) allow_outside: bool,

    /// Fetch what references name by an `http` or `https` URL [default: such a reference is an error]
    #[arg(long)]
    pub(crate) allow_remote: bool,

    /// Look for the files of URLs in this folder first, and keep there what was fetched, for example
    /// `api/cache`; without `--allow-remote` nothing else is read [default: nothing is kept]
    #[arg(long, value_name = "DIR")]
    pub(crate) cache: Option<PathBuf>,

    /// Whose operations the document describes; `client` for a document in which `send` is what the
    /// server receives
    #[arg(long, value_name = "SIDE", default_value = "server")]
    pub(crate) perspective: Perspective,

    /// Read `properties` without `type` as draft-07 says: it speaks of objects and lets other values pass
    /// [default: it means an object, and so on]
    #[arg(long)]
    pub(crate) no_implied_types: bool,
}

/// Whose operations a document describes.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub(crate) enum Perspective {
    /// The server's, as in most documents
    Server,
    /// A client's
    Client,
}

impl DocumentArgs {
    /// How the document is read.
    pub(crate) fn reading(&self) -> contract::Options {
        contract::Options {
            implied: if self.no_implied_types { Implied::Literal } else { Implied::Meant },
            perspective: match self.perspective {
                Perspective::Server => contract::model::Perspective::Server,
                Perspective::Client => contract::model::Perspective::Client,
            },
            ..contract::Options::default()
        }
    }
}

/// Where to write.
#[derive(Clone, Debug, ClapArgs)]
pub(crate) struct CheckFlag {
    /// Write nothing; fail if the files on disk are not what would be written
    #[arg(long)]
    pub(crate) check: bool,
}

/// `codegen ts`
#[derive(Debug, ClapArgs)]
pub(crate) struct TsArgs {
    #[command(flatten)]
    pub(crate) document: DocumentArgs,

    /// The folder to write to, for example `frontend/src/api` [default: the client to standard output]
    #[arg(long, value_name = "DIR")]
    pub(crate) out: Option<PathBuf>,

    #[command(flatten)]
    pub(crate) check: CheckFlag,

    /// Limit the types of what is received to what the contract lists [default: a value that an enum does
    /// not list is a text]
    #[arg(long)]
    pub(crate) closed: bool,

    /// How imports end: `ts` for Node's type stripping and Deno, `none` for bundlers
    #[arg(long, value_name = "ENDING", default_value = "js")]
    pub(crate) imports: Imports,

    /// What an integer of 64 bits (`format: int64`) is; a `number` is exact up to 2^53 only
    #[arg(long, value_name = "TYPE", default_value = "bigint")]
    pub(crate) int64: Int64,

    /// What a number with `format: decimal` is: `text` keeps its digits, a `number` is a double
    #[arg(long, value_name = "TYPE", default_value = "text")]
    pub(crate) decimal: Decimal,

    /// Also write a validator, `validate.ts`: a frame that breaks its schema is then not sent, and not
    /// delivered as if it were right [default: types only]
    #[arg(long)]
    pub(crate) validate: bool,

    /// Also know subprotocols that speak MessagePack; a connection asks for one by its name:
    /// `connect({ subprotocols: ["trading.v1.msgpack"] })` [default: JSON alone]
    #[arg(long)]
    pub(crate) msgpack: bool,

    /// How often the server wants to hear from a client that offers no subprotocol; 0: it does not ask
    #[arg(long, value_name = "MILLISECONDS", default_value_t = 30_000)]
    pub(crate) heartbeat: u32,
}

/// How imports end.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub(crate) enum Imports {
    /// `.js`, which every bundler and compiler takes
    Js,
    /// `.ts`
    Ts,
    /// Nothing
    None,
}

/// What an integer of 64 bits is.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub(crate) enum Int64 {
    /// Every digit is kept
    Bigint,
    /// Digits beyond 2^53 are lost
    Number,
}

/// What a decimal number is.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub(crate) enum Decimal {
    /// Every digit is kept
    Text,
    /// A double
    Number,
}

/// `codegen rust`
#[derive(Debug, ClapArgs)]
pub(crate) struct RustArgs {
    #[command(flatten)]
    pub(crate) document: DocumentArgs,

    /// The file to write, for example `src/api.rs` [default: standard output]
    #[arg(long, value_name = "FILE")]
    pub(crate) out: Option<PathBuf>,

    #[command(flatten)]
    pub(crate) check: CheckFlag,

    /// Put everything into a module of this name [default: none]
    #[arg(long, value_name = "NAME")]
    pub(crate) module: Option<String>,

    /// Which side of the wire the code is for
    #[arg(long, value_name = "SIDE", default_value = "server")]
    pub(crate) side: Side,

    /// Make a client as strict as a server about what it receives [default: what is new to the contract
    /// is kept and delivered]
    #[arg(long)]
    pub(crate) closed: bool,

    /// Use a type of your own for the texts of a format, for example
    /// `date-time=chrono::DateTime<chrono::Utc>`; may be repeated
    #[arg(long, value_name = "FORMAT=PATH", value_parser = format_type)]
    pub(crate) format: Vec<(String, String)>,

    /// Derive one more trait for every payload type, for example `schemars::JsonSchema`; may be repeated
    #[arg(long, value_name = "PATH")]
    pub(crate) derive: Vec<String>,

    /// Use a type of your own for a schema, for example `#/components/schemas/Symbol=crate::Symbol`; may
    /// be repeated
    #[arg(long, value_name = "POINTER=PATH", value_parser = replacement)]
    pub(crate) replace: Vec<(String, String)>,

    /// Make the items visible in the crate only [default: public]
    #[arg(long)]
    pub(crate) crate_visible: bool,
}

/// Which side of the wire generated Rust is for.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub(crate) enum Side {
    /// A handler trait and a router
    Server,
    /// A client that stays connected, in types that keep what is new to the contract
    Client,
    /// A module `server` and a module `client`
    Both,
}

/// `codegen json`
#[derive(Debug, ClapArgs)]
pub(crate) struct JsonArgs {
    #[command(flatten)]
    pub(crate) document: DocumentArgs,

    /// The version of AsyncAPI to write
    #[arg(long, value_name = "VERSION", default_value = "3.0.0")]
    pub(crate) asyncapi: JsonVersion,

    /// The file to write, for example `asyncapi.json` [default: standard output]
    #[arg(long, value_name = "FILE")]
    pub(crate) out: Option<PathBuf>,

    #[command(flatten)]
    pub(crate) check: CheckFlag,
}

/// Versions that `codegen json` writes.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub(crate) enum JsonVersion {
    /// The shape that FastWS emits: one channel, messages by their name on the wire
    #[value(name = "2.4.0")]
    V2_4,
    /// The document's own structure
    #[value(name = "3.0.0")]
    V3_0,
}

/// `codegen check`
#[derive(Debug, ClapArgs)]
pub(crate) struct CheckArgs {
    #[command(flatten)]
    pub(crate) document: DocumentArgs,

    /// How findings are written: `human` to standard error; `json` and `sarif` (2.1.0) to standard output
    #[arg(long, value_name = "FORMAT", default_value = "human")]
    pub(crate) format: Format,

    /// Fail on warnings, too [default: on errors only]
    #[arg(long)]
    pub(crate) deny_warnings: bool,

    /// Also apply the rules of taste and completeness, such as missing descriptions
    #[arg(long)]
    pub(crate) pedantic: bool,

    /// Do not mention what breaks a rule, for example `component/unused`; errors stay; may be repeated
    #[arg(long, value_name = "RULE", value_parser = rule)]
    pub(crate) allow: Vec<&'static Rule>,

    /// Fail on what breaks a rule, for example `documentation/missing-description`; may be repeated
    #[arg(long, value_name = "RULE", value_parser = rule)]
    pub(crate) deny: Vec<&'static Rule>,

    /// Print the manual page of a rule, and read no document
    #[arg(long, value_name = "RULE", value_parser = rule, conflicts_with = "document")]
    pub(crate) explain: Option<&'static Rule>,
}

/// How findings are written.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub(crate) enum Format {
    /// Lines of the document with carets, and what to do
    Human,
    /// An object with a list of findings
    Json,
    /// What code hosts and editors show beside the line
    Sarif,
}

/// `codegen rules`
#[derive(Debug, ClapArgs)]
pub(crate) struct RulesArgs {
    /// The file to write, for example `docs/rules.md` [default: standard output]
    #[arg(long, value_name = "FILE")]
    pub(crate) out: Option<PathBuf>,

    #[command(flatten)]
    pub(crate) check: CheckFlag,
}

/// A rule by its id.
fn rule(id: &str) -> Result<&'static Rule, String> {
    let rules = crate::manual::rules();
    if let Some(rule) = rules.iter().find(|rule| rule.id == id) {
        return Ok(rule);
    }
    Err(match nearest(id, rules.iter().map(|rule| rule.id)) {
        Some(near) => format!("there is no such rule; did you mean `{near}`?"),
        None => "there is no such rule; `codegen rules` prints them all".to_owned(),
    })
}

fn replacement(text: &str) -> Result<(String, String), String> {
    match text.split_once('=') {
        Some((pointer, path)) if !path.is_empty() => Ok((pointer.to_owned(), path.to_owned())),
        _ => Err("write a JSON pointer, `=` and a path: #/components/schemas/Symbol=crate::Symbol"
            .into()),
    }
}

fn format_type(text: &str) -> Result<(String, String), String> {
    match text.split_once('=') {
        Some((format, path)) if !path.is_empty() => Ok((format.to_owned(), path.to_owned())),
        _ => Err("write a format, `=` and a path: uuid=uuid::Uuid".into()),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use clap::CommandFactory;

    #[test]
    fn the_command_line_is_consistent() {
        Args::command().debug_assert();
    }
}
