//! The command line: everything that is made from an AsyncAPI document.
//!
//! Data goes to standard output, messages to standard error. Exit status: 0 good, 1 findings (an invalid
//! document is one, from every command), 2 the command could not run.

mod args;
mod commands;
mod config;
mod configured;
mod document;
mod findings;
mod manual;
mod outcome;
mod output;
mod remote;
mod sarif;

use std::ffi::OsString;
use std::process::ExitCode;

use clap::FromArgMatches;

use args::Args;
use outcome::{Failure, Result};

fn main() -> ExitCode {
    let printer = output::Printer::new();
    let typed: Vec<OsString> = std::env::args_os().collect();
    printer.end(run(&typed, &printer))
}

fn run(typed: &[OsString], printer: &output::Printer) -> Result {
    let matches = Args::root().get_matches_from(typed);
    let args = Args::from_arg_matches(&matches).unwrap_or_else(|error| error.exit());
    match (&args.command, &args.config) {
        (Some(_), _) if args.check_all => {
            Err(Failure::new("`--check` stands behind the command: codegen ts --check"))
        }
        (Some(command), None) => commands::run(command, printer),
        (Some(_), Some(path)) => configured::one(path, typed, &matches, printer),
        (None, path) => configured::all(path.as_deref(), args.check_all, printer),
    }
}
