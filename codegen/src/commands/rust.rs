//! `codegen rust`

use rust_gen::{Header, Options, Side, Visibility};

use super::{header_name, write_one};
use crate::args::{self, RustArgs};
use crate::document::Document;
use crate::outcome::{Failure, Outcome, Result};
use crate::output::Printer;

pub(crate) fn run(args: &RustArgs, printer: &Printer) -> Result {
    let document = Document::read(&args.document, &args.document.reading())?;
    let name = header_name(&document.name);
    let Some(contract) = document.contract(printer) else { return Ok(Outcome::Findings) };
    let generated = rust_gen::generate(&contract, &options(args))
        .map_err(|error| Failure::new(error.to_string()))?;
    let items = rust_gen::format(generated.tokens).map_err(|error| {
        Failure::new(format!("generated code is no Rust, please report it: {error}"))
    })?;
    let header = Header { contract: &name, version: env!("CARGO_PKG_VERSION") };
    let text = header.text() + &items;
    write_one(args.out.as_deref(), args.check.check, text, printer)
}

fn options(args: &RustArgs) -> Options {
    let mut options = Options::new();
    if let Some(module) = &args.module {
        options = options.module(module);
    }
    for path in &args.derive {
        options = options.derive(path);
    }
    for (pointer, path) in &args.replace {
        options = options.replace(pointer, path);
    }
    for (format, path) in &args.format {
        options = options.format(format, path);
    }
    options = options.closed(args.closed).side(match args.side {
        args::Side::Server => Side::Server,
        args::Side::Client => Side::Client,
        args::Side::Both => Side::Both,
    });
    if args.crate_visible {
        options = options.visibility(Visibility::Crate);
    }
    options
}
