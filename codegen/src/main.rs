//! The command line: everything that is made from an AsyncAPI document.
//!
//! Data goes to standard output, messages to standard error. Exit status: 0 good, 1 findings (an invalid
//! document is one, from every command), 2 the command could not run.

mod args;
mod commands;
mod document;
mod findings;
mod manual;
mod outcome;
mod output;
mod sarif;

use std::process::ExitCode;

use clap::Parser;

fn main() -> ExitCode {
    let args = args::Args::parse();
    let printer = output::Printer::new();
    let outcome = match args.command {
        args::Command::Ts(args) => commands::ts::run(&args, &printer),
        args::Command::Rust(args) => commands::rust::run(&args, &printer),
        args::Command::Json(args) => commands::json::run(&args, &printer),
        args::Command::Check(args) => commands::check::run(&args, &printer),
        args::Command::Rules(args) => commands::rules::run(&args, &printer),
    };
    printer.end(outcome)
}
