//! `codegen rules`

use super::write_one;
use crate::args::RulesArgs;
use crate::manual;
use crate::outcome::Result;
use crate::output::Printer;

pub(crate) fn run(args: &RulesArgs, printer: &Printer) -> Result {
    let text = manual::all();
    write_one(args.out.as_deref(), args.check.check, text, printer)
}
