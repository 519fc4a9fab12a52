//! `codegen json`

use super::without_check;
use crate::args::{JsonArgs, JsonVersion};
use crate::document::Document;
use crate::outcome::{Outcome, Result};
use crate::output::{Output, Printer};

pub(crate) fn run(args: &JsonArgs, printer: &Printer) -> Result {
    let document = Document::read(&args.document, &args.document.reading())?;
    let Some(contract) = document.contract(printer) else { return Ok(Outcome::Findings) };
    let json = match args.asyncapi {
        JsonVersion::V2_4 => contract::convert::to_2_4(&contract),
        JsonVersion::V3_0 => contract::convert::to_3_0(&contract),
    };
    let text = contract::convert::pretty(&json);
    match &args.out {
        None => printer.data(&text),
        Some(path) => {
            let files = [Output { path: path.clone(), text }];
            if args.check.check {
                printer.compare(&files, &without_check())
            } else {
                printer.write(&files)
            }
        }
    }
}
