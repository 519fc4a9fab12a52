//! `codegen json`

use super::write_one;
use crate::args::{JsonArgs, JsonVersion};
use crate::document::Document;
use crate::outcome::{Outcome, Result};
use crate::output::Printer;

pub(crate) fn run(args: &JsonArgs, printer: &Printer) -> Result {
    let document = Document::read(&args.document, &args.document.reading())?;
    let Some(contract) = document.contract(printer) else { return Ok(Outcome::Findings) };
    let json = match args.asyncapi {
        JsonVersion::V2_4 => contract::convert::to_2_4(&contract),
        JsonVersion::V3_0 => contract::convert::to_3_0(&contract),
    };
    let text = contract::convert::pretty(&json);
    write_one(args.out.as_deref(), args.check.check, text, printer)
}
