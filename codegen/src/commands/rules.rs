//! `codegen rules`

use super::without_check;
use crate::args::RulesArgs;
use crate::manual;
use crate::outcome::Result;
use crate::output::{Output, Printer};

pub(crate) fn run(args: &RulesArgs, printer: &Printer) -> Result {
    let text = manual::all();
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
