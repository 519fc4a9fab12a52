//! Identifiers, property names and literals of TypeScript: the only way for text of a contract into
//! code.

use json::Json;

use crate::layout::{Doc, braced, list, text};

/// Words that are no identifiers in a module (which is strict), and globals that must keep their
/// meaning there.
const KEYWORDS: [&str; 57] = [
    "abstract",
    "any",
    "arguments",
    "as",
    "async",
    "await",
    "boolean",
    "break",
    "case",
    "catch",
    "class",
    "const",
    "continue",
    "debugger",
    "default",
    "delete",
    "do",
    "else",
    "enum",
    "eval",
    "export",
    "extends",
    "false",
    "finally",
    "for",
    "from",
    "function",
    "globalThis",
    "if",
    "implements",
    "import",
    "in",
    "instanceof",
    "interface",
    "let",
    "new",
    "null",
    "of",
    "package",
    "private",
    "protected",
    "public",
    "return",
    "static",
    "super",
    "switch",
    "this",
    "throw",
    "true",
    "try",
    "typeof",
    "undefined",
    "var",
    "void",
    "while",
    "with",
    "yield",
];

/// Names that no type may have, beside keywords: they are types already.
const TYPES: [&str; 9] =
    ["bigint", "boolean", "never", "number", "object", "string", "symbol", "type", "unknown"];

/// Whether a constant, a function or a parameter cannot be called so.
pub(crate) fn is_keyword(name: &str) -> bool {
    KEYWORDS.contains(&name)
}

/// Whether every object has a property of this name. To the compiler an object literal has it, too, so that
/// one without it does not fit an interface where it is optional and of another type.
pub(crate) fn is_inherited(name: &str) -> bool {
    const INHERITED: [&str; 7] = [
        "constructor",
        "hasOwnProperty",
        "isPrototypeOf",
        "propertyIsEnumerable",
        "toLocaleString",
        "toString",
        "valueOf",
    ];
    INHERITED.contains(&name)
}

/// A type's name. The contract's names are identifiers but for those that it pins.
pub(crate) fn type_name(name: &str) -> String {
    let is_identifier = is_identifier(name) && !is_keyword(name) && !TYPES.contains(&name);
    if is_identifier {
        name.to_owned()
    } else {
        format!("{}_", contract::names::Name::new(name).pascal())
    }
}

/// Whether a text is an identifier. Letters beyond ASCII could be, too, but look alike or are unknown
/// to older tools.
pub(crate) fn is_identifier(name: &str) -> bool {
    name.starts_with(|c: char| c.is_ascii_alphabetic() || c == '_' || c == '$')
        && name.chars().all(|c| c.is_ascii_alphanumeric() || c == '_' || c == '$')
}

/// A property in a type: as it is, or quoted.
pub(crate) fn property(name: &str) -> String {
    if is_identifier(name) { name.to_owned() } else { string(name) }
}

/// A property in an object literal, where `__proto__` would set the prototype.
pub(crate) fn key(name: &str) -> String {
    if name == "__proto__" { "[\"__proto__\"]".to_owned() } else { property(name) }
}

/// A property of a value: `.name` or `["any name"]`.
pub(crate) fn member(name: &str) -> String {
    if is_identifier(name) { format!(".{name}") } else { format!("[{}]", string(name)) }
}

/// A string literal: in double quotes, unless single ones need fewer escapes.
pub(crate) fn string(value: &str) -> String {
    let count = |quote| value.matches(quote).count();
    let quote = if count('"') > count('\'') { '\'' } else { '"' };
    format!("{quote}{}{quote}", escaped(value, &[quote]))
}

/// The text of a template literal between `${…}` parts.
pub(crate) fn template(value: &str) -> String {
    escaped(value, &['`']).replace("${", "\\${")
}

/// The text of a regular expression that matches `value` and nothing else.
pub(crate) fn regex(value: &str) -> String {
    let mut out = String::with_capacity(value.len());
    for c in value.chars() {
        if "\\^$.*+?()[]{}|/".contains(c) {
            out.push('\\');
            out.push(c);
        } else {
            push(&mut out, c);
        }
    }
    out
}

/// `[^c]` for a character that separates.
pub(crate) fn regex_without(c: char) -> String {
    let escape = if "\\]^-".contains(c) { "\\" } else { "" };
    format!("[^{escape}{c}]")
}

fn escaped(value: &str, quotes: &[char]) -> String {
    let mut out = String::with_capacity(value.len() + 2);
    for c in value.chars() {
        match c {
            '\\' => out.push_str("\\\\"),
            '\n' => out.push_str("\\n"),
            '\r' => out.push_str("\\r"),
            '\t' => out.push_str("\\t"),
            c if quotes.contains(&c) => {
                out.push('\\');
                out.push(c);
            }
            c => push(&mut out, c),
        }
    }
    out
}

/// A character as it is, or escaped where a reader would not see it.
fn push(out: &mut String, c: char) {
    if is_unseen(c) {
        let mut units = [0; 2];
        for unit in c.encode_utf16(&mut units) {
            out.push_str(&format!("\\u{unit:04x}"));
        }
    } else {
        out.push(c);
    }
}

/// Characters that end a line for some readers only, that change the direction of what follows, or
/// that are not seen at all.
pub(crate) fn is_unseen(c: char) -> bool {
    c.is_control()
        || matches!(c,
            '\u{ad}' | '\u{61c}' | '\u{180e}' | '\u{200b}'..='\u{200f}' | '\u{2028}'..='\u{202e}'
            | '\u{2060}'..='\u{206f}' | '\u{feff}' | '\u{fff9}'..='\u{fffb}' | '\u{e0000}'..='\u{e007f}')
}

/// A JSON value as a literal.
pub(crate) fn literal(value: &Json<'_>) -> Doc {
    match value {
        Json::Null => text("null"),
        Json::Bool(value) => text(value.to_string()),
        Json::Number(value) => text(number(value).unwrap_or_else(|| value.as_str().to_owned())),
        Json::String(value) => text(string(value)),
        Json::Array(items) => list("[", items.iter().map(literal).collect(), "]"),
        Json::Object(members) => braced(
            members
                .iter()
                .map(|(name, value)| {
                    crate::layout::concat([text(format!("{}: ", key(name))), literal(value)])
                })
                .collect(),
        ),
    }
}

/// A JSON number as JavaScript writes it; `None` if a `number` cannot hold it exactly.
pub(crate) fn number(value: &json::Number<'_>) -> Option<String> {
    let double = value.to_f64().filter(|double| double.is_finite())?;
    // What prints as another number was rounded.
    let text = format!("{double}");
    let same = json::Number::parse(&text).is_ok_and(|printed| printed == *value);
    same.then_some(text)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn strings_are_quoted_so_that_nothing_ends_them() {
        assert_eq!(string("plain"), "\"plain\"");
        assert_eq!(string("say \"hi\""), "'say \"hi\"'");
        assert_eq!(string("it's \"so\""), "'it\\'s \"so\"'");
        assert_eq!(string("a\\b\nc\u{2028}d\u{0}"), "\"a\\\\b\\nc\\u2028d\\u0000\"");
        assert_eq!(string("😀"), "\"😀\"");
        assert_eq!(string("\u{e0041}"), "\"\\udb40\\udc41\"");
        assert_eq!(template("a`b${c}"), "a\\`b\\${c}");
        assert_eq!(regex("a.b/c"), "a\\.b\\/c");
    }

    #[test]
    fn properties_are_quoted_where_they_must() {
        assert_eq!(property("symbol"), "symbol");
        assert_eq!(property("class"), "class");
        assert_eq!(property("1d"), "\"1d\"");
        assert_eq!(property(""), "\"\"");
        assert_eq!(key("__proto__"), "[\"__proto__\"]");
        assert_eq!(member("a-b"), "[\"a-b\"]");
    }

    #[test]
    fn numbers_are_written_as_they_are_or_not_at_all() {
        let number = |text: &str| number(&json::Number::parse(text).unwrap());
        assert_eq!(number("1.0").as_deref(), Some("1"));
        assert_eq!(number("1e2").as_deref(), Some("100"));
        assert_eq!(number("-0.25").as_deref(), Some("-0.25"));
        assert_eq!(number("9007199254740993"), None);
        assert_eq!(number("1e999"), None);
    }

    #[test]
    fn a_pinned_name_that_is_none_becomes_one() {
        assert_eq!(type_name("Bar"), "Bar");
        assert_eq!(type_name("string"), "String_");
        assert_eq!(type_name("a b"), "AB_");
    }
}
