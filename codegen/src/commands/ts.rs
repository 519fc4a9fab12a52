//! `codegen ts`

use ts_gen::{ImportExtension, Options};

use super::{header_name, nothing_to_compare, without_check};
use crate::args::{Decimal, Imports, Int64, TsArgs};
use crate::document::Document;
use crate::outcome::{Outcome, Result};
use crate::output::{Output, Printer};

pub(crate) fn run(args: &TsArgs, printer: &Printer) -> Result {
    let reading = contract::Options {
        int64_as_number: args.int64 == Int64::Number,
        ..args.document.reading()
    };
    let document = Document::read(&args.document, &reading)?;
    let name = header_name(&document.name);
    let Some(contract) = document.contract(printer) else { return Ok(Outcome::Findings) };
    let header = ts_gen::Header { contract: &name, version: env!("CARGO_PKG_VERSION") };
    let files = ts_gen::generate(&contract, &options(args), &header);
    match &args.out {
        None if args.check.check => Err(nothing_to_compare()),
        None => match files.first() {
            Some(client) => printer.data(&client.text),
            None => Ok(Outcome::Good),
        },
        Some(folder) => {
            let files: Vec<Output> = files
                .into_iter()
                .map(|file| Output { path: folder.join(&file.path), text: file.text })
                .collect();
            if args.check.check {
                printer.compare(&files, &without_check())
            } else {
                printer.write(&files)
            }
        }
    }
}

fn options(args: &TsArgs) -> Options {
    Options::new()
        .closed(args.closed)
        .import_extension(match args.imports {
            Imports::Js => ImportExtension::Js,
            Imports::Ts => ImportExtension::Ts,
            Imports::None => ImportExtension::None,
        })
        .int64(match args.int64 {
            Int64::Bigint => ts_gen::Int64::BigInt,
            Int64::Number => ts_gen::Int64::Number,
        })
        .decimal(match args.decimal {
            Decimal::Text => ts_gen::Decimal::Text,
            Decimal::Number => ts_gen::Decimal::Number,
        })
        .validate(args.validate)
        .msgpack(args.msgpack)
        .heartbeat((args.heartbeat > 0).then_some(args.heartbeat))
}
