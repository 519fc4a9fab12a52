//! `x-close-codes`: which code and reason a situation closes with, and what a client does then.

use super::{keys, missing, one_of, required_text, wrong};
use crate::diagnostic::Diagnostic;
use crate::extension::INVALID;
use crate::model::{Action, CloseCode, CodeTable, Situation};
use crate::nearest::nearest;
use crate::reading::{Reading, written};
use crate::tree::NodeRef;

/// A reason is the payload of a control frame after its two bytes of code (RFC 6455 §5.5).
const MAX_REASON_BYTES: usize = 123;

pub(super) fn read<'t>(reading: &Reading<'t>, table: NodeRef<'t>) -> CodeTable {
    if table.kind() != crate::tree::Kind::Map {
        wrong(reading, table, "`x-close-codes`", "an object");
    }
    let mut codes = CodeTable::new();
    for (key, node) in table.entries() {
        let Some(situation) = Situation::from_name(key.text) else {
            let names = Situation::ALL.map(Situation::name);
            let list = names.map(|name| format!("`{name}`")).join(", ");
            let mut finding = Diagnostic::new(
                &INVALID,
                key.span,
                format!("`{}` is no situation that closes a connection", key.text),
            )
            .label(format!("situations are {list}"));
            if let Some(near) = nearest(key.text, names) {
                finding = finding.help(format!("write `{near}`"));
            }
            reading.report(finding);
            continue;
        };
        if let Some(code) = close_code(reading, key.text, node) {
            codes.push((situation, code));
        }
    }
    codes
}

fn close_code<'t>(reading: &Reading<'t>, name: &str, node: NodeRef<'t>) -> Option<CloseCode> {
    let what = format!("close code `{name}`");
    if !keys(reading, node, &what, &["code", "reason", "then", "description"]) {
        return None;
    }
    let code = code(reading, node, &what);
    let reason = required_text(reading, node, &what, "reason");
    if let Some(reason) = reason.as_ref().filter(|reason| reason.len() > MAX_REASON_BYTES) {
        let place = node.get("reason").unwrap_or(node);
        reading.report(
            Diagnostic::new(
                &INVALID,
                place.span(),
                format!(
                    "a reason has at most {MAX_REASON_BYTES} bytes, this one has {}",
                    reason.len()
                ),
            )
            .help("shorten it: it travels in a control frame (RFC 6455 §5.5)"),
        );
    }
    let then = match node.get("then") {
        Some(then) => {
            let words = Action::ALL.map(Action::name);
            one_of(reading, then, &format!("`then` of {what}"), &words)
        }
        None => {
            missing(reading, node, &what, "then");
            None
        }
    };
    Some(CloseCode { code: code?, reason: reason?, then: Action::from_name(then?)? })
}

fn code<'t>(reading: &Reading<'t>, node: NodeRef<'t>, what: &str) -> Option<u16> {
    let Some(value) = node.get("code") else {
        missing(reading, node, what, "code");
        return None;
    };
    let code = value.as_number().and_then(|text| text.parse().ok());
    let usable = code.filter(|code| matches!(code, 1000..=1003 | 1007..=1014 | 3000..=4999));
    if usable.is_none() {
        reading.report(
            Diagnostic::new(
                &INVALID,
                value.span(),
                format!("`{}` is no code that a close frame may carry", written(value)),
            )
            .label("codes are 1000-1003, 1007-1014 and 3000-4999")
            .help("take one of 4000-4499 for \"come back\", of 4500-4999 for \"don't\""),
        );
    }
    usable
}
