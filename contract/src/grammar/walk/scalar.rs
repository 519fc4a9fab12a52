//! Texts and numbers: their form, size and range.
//!
//! In: scalars that are of the right kind. Out: findings.

use json::{Json, Number};

use super::Walk;
use super::kind::integer;
use crate::diagnostic::{Diagnostic, Severity, shortened};
use crate::grammar::report;
use crate::grammar::rule::RUNTIME_EXPRESSION;
use crate::grammar::table::{Form, Value};
use crate::tree::NodeRef;
use crate::value;

impl<'t> Walk<'_, 't> {
    /// Checks a scalar of the kind that the value has.
    pub(super) fn scalar(&mut self, node: NodeRef<'t>, value: &'static Value) {
        let text = node.as_str().unwrap_or_default();
        match value {
            Value::Formed(form) => self.formed(node, text, *form),
            Value::Sized(min, max) => {
                let count = text.chars().count();
                if !(*min..=*max).contains(&count) {
                    let expected = format!("text of {min} to {max} characters, this has {count}");
                    self.report(report::not_of_form(node, &expected));
                }
            }
            Value::Word(words) if !words.contains(&text) => {
                self.report(report::wrong_value(node, words.iter().copied()));
            }
            Value::Integer(min, max) => {
                let number = value::to_number(node);
                let fits = number.is_some_and(|number| {
                    number.is_integer()
                        && number >= Number::from(*min)
                        && number <= Number::from(*max)
                });
                if !fits {
                    self.report(report::not_of_form(node, &integer(*min, *max)));
                }
            }
            Value::Digit(digits) => {
                let number = value::to_number(node);
                let fits = |digit: &i64| number.as_ref() == Some(&Number::from(*digit));
                if !digits.iter().any(fits) {
                    let digits: Vec<String> = digits.iter().map(i64::to_string).collect();
                    let digits = digits.iter().map(String::as_str);
                    self.report(report::wrong_value(node, digits));
                }
            }
            _ => {}
        }
    }

    fn formed(&mut self, node: NodeRef<'t>, text: &str, form: Form) {
        let is = |name| {
            json::check::Format::named(name).is_none_or(|format| format.accepts(&Json::from(text)))
        };
        let expected = match form {
            Form::Uri if !is("uri") => "an absolute URL or URN, such as `https://example.com`",
            Form::Email if !is("email") => "an email address",
            Form::Template if text.is_empty() || !is("uri-template") => "a URI template",
            Form::LinkedIn if !is_linkedin(text) => "a page of linkedin.com",
            Form::Expression => return self.expression(node, text),
            _ => return,
        };
        self.report(report::not_of_form(node, expected));
    }

    /// A runtime expression. The JSON Schemas look at its beginning only.
    fn expression(&mut self, node: NodeRef<'t>, text: &str) {
        let pointer = ["$message.payload#", "$message.header#"]
            .into_iter()
            .find_map(|start| text.strip_prefix(start));
        let (severity, message) = match pointer {
            None => (Severity::Error, format!("`{}` is no runtime expression", shortened(text))),
            Some(pointer) if !is_pointer(pointer) => {
                (self.by_the_text(), format!("`{}` is no JSON pointer", shortened(pointer)))
            }
            Some(_) => return,
        };
        let finding = Diagnostic::new(&RUNTIME_EXPRESSION, node.span(), message)
            .help("write `$message.payload#/` or `$message.header#/` and the way to the value");
        self.report_as(severity, finding);
    }
}

/// A JSON pointer (RFC 6901 §3), the empty one included.
fn is_pointer(text: &str) -> bool {
    let mut escaped = text.split('~').skip(1);
    (text.is_empty() || text.starts_with('/')) && escaped.all(|rest| rest.starts_with(['0', '1']))
}

fn is_linkedin(text: &str) -> bool {
    let rest = text.strip_prefix("https://").or(text.strip_prefix("http://"));
    rest.map(|rest| rest.strip_prefix("www.").unwrap_or(rest))
        .is_some_and(|rest| rest.starts_with("linkedin.com"))
}
