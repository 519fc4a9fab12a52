//! Expressions and statements, laid out as formatters lay them out.

use crate::layout::{Doc, concat, group, indent, join, text};
use crate::{ident, runtime};
use contract::wire::Step;

/// `(parameter) => (test ? a : b)`; `choice` is the conditional. Its parentheses are for one line only.
pub(crate) fn arrow_to_choice(parameter: &str, choice: Doc) -> Doc {
    group([
        text(format!("({parameter}) =>")),
        indent([Doc::Line, Doc::Either { broken: "", flat: "(" }, choice]),
        Doc::Either { broken: "", flat: ")" },
    ])
}

/// `test ? a : b`
pub(crate) fn choice(test: Doc, yes: Doc, no: Doc) -> Doc {
    choices(vec![(test, yes)], no)
}

/// `test ? a : other ? b : c`, each further in than the one before where they do not fit on one line.
pub(crate) fn choices(cases: Vec<(Doc, Doc)>, otherwise: Doc) -> Doc {
    let all = cases.into_iter().rev().fold(otherwise, |otherwise, (test, yes)| {
        let ends = indent([Doc::Line, text("? "), yes, Doc::Line, text(": "), otherwise]);
        concat([test, ends])
    });
    group([all])
}

/// `a && b`, one below the other where they do not fit.
pub(crate) fn all(tests: Vec<Doc>) -> Doc {
    group([join(tests, &concat([text(" &&"), Doc::Line]))])
}

/// `a || b`
pub(crate) fn any(tests: Vec<Doc>) -> Doc {
    group([join(tests, &concat([text(" ||"), Doc::Line]))])
}

/// `(content)`, with parentheses only where it does not fit on one line.
pub(crate) fn in_parentheses(content: Doc) -> Doc {
    group([
        Doc::Either { broken: "(", flat: "" },
        indent([Doc::SoftLine, content]),
        Doc::SoftLine,
        Doc::Either { broken: ")", flat: "" },
    ])
}

/// `if (test) return value;`
pub(crate) fn return_if(test: Doc, value: &str) -> Doc {
    group([
        text("if ("),
        group([indent([Doc::SoftLine, test]), Doc::SoftLine]),
        text(")"),
        indent([Doc::Line, text(format!("return {value};"))]),
    ])
}

/// `/*@__PURE__*/ name(arguments)`: a call that a bundler may drop.
pub(crate) fn pure_call(function: Doc, arguments: Vec<Doc>) -> Doc {
    concat([text("/*@__PURE__*/ "), call(function, arguments)])
}

/// `name(arguments)`
pub(crate) fn call(function: Doc, arguments: Vec<Doc>) -> Doc {
    concat([function, crate::layout::list("(", arguments, ")")])
}

/// A path as the runtime reads it: `["data", 0]`.
pub(crate) fn path<'s>(steps: impl IntoIterator<Item = &'s Step>) -> Doc {
    let steps = steps.into_iter().map(|step| match step {
        Step::Property(name) => text(ident::string(name)),
        Step::Item(at) => text(at.to_string()),
    });
    crate::layout::list("[", steps.collect(), "]")
}

/// The steps of a JSON pointer.
pub(crate) fn pointer(segments: &[String]) -> Vec<Step> {
    segments.iter().map(|segment| Step::Property(segment.clone())).collect()
}

/// `at(value, path)`
pub(crate) fn at(value: &str, steps: &[Step]) -> Doc {
    if steps.is_empty() {
        return text(value);
    }
    concat([runtime::of(&runtime::AT), text(format!("({value}, ")), path(steps), text(")")])
}
