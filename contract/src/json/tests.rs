use insta::assert_snapshot;

use crate::diagnostic::Diagnostics;
use crate::limits::Limits;
use crate::notation;
use crate::tree::tests::dump;

/// A file → its data as JSON, and what a person reads about it.
fn check(text: &str) -> String {
    check_within(&Limits::default(), "a.json", text)
}

fn check_within(limits: &Limits, name: &str, text: &str) -> String {
    let parsed = notation::parse(name, text, limits);
    let root = parsed.file.and_then(|file| parsed.tree.root(file));
    let data = root.map(|root| dump(root) + "\n").unwrap_or_default();
    data + &Diagnostics::new(parsed.sources, parsed.findings).to_string()
}

#[test]
fn json_is_read_as_it_stands() {
    assert_snapshot!(check("{\"a\": [1, -2.50, 1e400, 9007199254740993, true, false, null], \"b\": {}}"), @r#"{"a":[1,-2.50,1e400,9007199254740993,true,false,null],"b":{}}"#);
    assert_snapshot!(check(r#"["\"\\\/\b\f\n\r\t", "\u00fc\ud83d\ude00", "ü😀", ""]"#), @r#"["\"\\/\b\f\n\r\t","ü😀","ü😀",""]"#);
    assert_snapshot!(check(" \t\r\n 1.0 \n"), @"1.0");
    assert_snapshot!(check("[]"), @"[]");
}

#[test]
fn every_value_and_every_key_has_its_place() {
    let text = "{ \"a\" : [ 1 ], \"b\\n\": \"\\u0041\" }";
    let parsed = notation::parse("a.json", text, &Limits::default());
    let root = parsed.tree.root(parsed.file.unwrap()).unwrap();
    let text_of = |span| parsed.sources.text(span).to_owned();
    let pairs: Vec<(String, String)> =
        root.entries().map(|(key, value)| (text_of(key.span), text_of(value.span()))).collect();
    let expected = [("\"a\"", "[ 1 ]"), ("\"b\\n\"", "\"\\u0041\"")];
    assert_eq!(pairs, expected.map(|(key, value)| (key.to_owned(), value.to_owned())));
    assert_eq!(text_of(root.span()), text);
}

#[test]
fn a_key_that_stands_twice_is_told_with_both_places() {
    assert_snapshot!(check("{\n  \"a\": 1,\n  \"b\": 2,\n  \"\\u0061\": 3\n}"), @r#"
    {"a":1,"b":2}
    error[json/duplicate-key]: the key `a` appears twice in one object
     --> a.json:4:3
      |
    2 |   "a": 1,
      |   --- here first
    3 |   "b": 2,
    4 |   "\u0061": 3
      |   ^^^^^^^^ here again
      = help: remove one of them, or give it another name
    "#);
}

#[test]
fn mistakes_whose_meaning_is_clear_are_all_told_and_read_over() {
    assert_snapshot!(check("{\n  // a comment\n  a: 'x', /* another */\n  \"b\": [1 2,],\n  \"c\": +1,,\n  \"d\" True\n}\n"), @r#"
    {"a":"x","b":[1,2],"c":1,"d":true}
    error[json/syntax]: JSON has no comments
     --> a.json:2:3
      |
    2 |   // a comment
      |   ^^^^^^^^^^^^
      = help: remove it and any others, write it as a `description`, or use YAML

    error[json/syntax]: the key `a` is not in quotes
     --> a.json:3:3
      |
    3 |   a: 'x', /* another */
      |   ^
      = help: write `"a"`

    error[json/syntax]: a string is in single quotes
     --> a.json:3:6
      |
    3 |   a: 'x', /* another */
      |      ^
      = help: JSON knows double quotes only: write `"`

    error[json/syntax]: a comma is missing between two items
     --> a.json:4:11
      |
    4 |   "b": [1 2,],
      |           ^ the next one starts here
      = help: write `,` before it

    error[json/syntax]: a trailing comma before the closing `]`
     --> a.json:4:12
      |
    4 |   "b": [1 2,],
      |            ^
      = help: remove it: JSON allows no comma after the last one

    error[json/syntax]: `+1` is not a number as JSON writes it
     --> a.json:5:8
      |
    5 |   "c": +1,,
      |        ^^
      = help: write `1`

    error[json/syntax]: a comma too many
     --> a.json:5:11
      |
    5 |   "c": +1,,
      |           ^
      = help: remove it

    error[json/syntax]: no colon follows the key `d`
     --> a.json:6:3
      |
    6 |   "d" True
      |   ^^^
      = help: write `:` between key and value

    error[json/syntax]: `True` is not a JSON value
     --> a.json:6:7
      |
    6 |   "d" True
      |       ^^^^
      = help: write `true`
    "#);
}

#[test]
fn numbers_in_another_notation_are_told_with_the_right_one() {
    assert_snapshot!(check("[01, .5, 1., 0x1F, 1_000, -, 1e]"), @r#"
    [1,0.5,1.0,31,null,null,null]
    error[json/syntax]: `01` is not a number as JSON writes it
     --> a.json:1:2
      |
    1 | [01, .5, 1., 0x1F, 1_000, -, 1e]
      |  ^^
      = help: write `1`

    error[json/syntax]: `.5` is not a number as JSON writes it
     --> a.json:1:6
      |
    1 | [01, .5, 1., 0x1F, 1_000, -, 1e]
      |      ^^
      = help: write `0.5`

    error[json/syntax]: `1.` is not a number as JSON writes it
     --> a.json:1:10
      |
    1 | [01, .5, 1., 0x1F, 1_000, -, 1e]
      |          ^^
      = help: write `1.0`

    error[json/syntax]: `0x1F` is not a number as JSON writes it
     --> a.json:1:14
      |
    1 | [01, .5, 1., 0x1F, 1_000, -, 1e]
      |              ^^^^
      = help: write `31`

    error[json/syntax]: `1_000` is not a number as JSON writes it
     --> a.json:1:20
      |
    1 | [01, .5, 1., 0x1F, 1_000, -, 1e]
      |                    ^^^^^
      = help: put a string in quotes: `"1_000"`

    error[json/syntax]: `-` is not a number as JSON writes it
     --> a.json:1:27
      |
    1 | [01, .5, 1., 0x1F, 1_000, -, 1e]
      |                           ^
      = help: put a string in quotes: `"-"`

    error[json/syntax]: `1e` is not a number as JSON writes it
     --> a.json:1:30
      |
    1 | [01, .5, 1., 0x1F, 1_000, -, 1e]
      |                              ^^
      = help: put a string in quotes: `"1e"`
    "#);
    assert_snapshot!(check("[NaN, -Infinity, undefined, None, yes]"), @r#"
    [null,null,null,null,"yes"]
    error[json/syntax]: `NaN` is not a JSON value
     --> a.json:1:2
      |
    1 | [NaN, -Infinity, undefined, None, yes]
      |  ^^^
      = help: JSON has finite numbers only: write `null` or a string

    error[json/syntax]: `-Infinity` is not a number as JSON writes it
     --> a.json:1:7
      |
    1 | [NaN, -Infinity, undefined, None, yes]
      |       ^^^^^^^^^
      = help: JSON has finite numbers only: write `null` or a string

    error[json/syntax]: `undefined` is not a JSON value
     --> a.json:1:18
      |
    1 | [NaN, -Infinity, undefined, None, yes]
      |                  ^^^^^^^^^
      = help: write `null`

    error[json/syntax]: `None` is not a JSON value
     --> a.json:1:29
      |
    1 | [NaN, -Infinity, undefined, None, yes]
      |                             ^^^^
      = help: write `null`

    error[json/syntax]: `yes` is not a JSON value
     --> a.json:1:35
      |
    1 | [NaN, -Infinity, undefined, None, yes]
      |                                   ^^^
      = help: put a string in quotes: `"yes"`
    "#);
}

#[test]
fn strings_that_break_the_rules_are_told() {
    assert_snapshot!(check("[\"\\x41\", \"\\u12\", \"\\ud800\", \"\\udc00x\", \"\\ud800\\u0041\"]"), @r#"
    ["\\x41","�12","�","�x","�A"]
    error[json/syntax]: `\x` is not an escape of JSON
     --> a.json:1:3
      |
    1 | ["\x41", "\u12", "\ud800", "\udc00x", "\ud800\u0041"]
      |   ^^
      = help: write `\\` for a backslash

    error[json/syntax]: four hexadecimal digits must follow `\u`
     --> a.json:1:11
      |
    1 | ["\x41", "\u12", "\ud800", "\udc00x", "\ud800\u0041"]
      |           ^^
      = help: write `\u0041` for `A`

    error[json/syntax]: `\ud800` is one half of a character
     --> a.json:1:19
      |
    1 | ["\x41", "\u12", "\ud800", "\udc00x", "\ud800\u0041"]
      |                   ^^^^^^
      = help: characters above U+FFFF are two escapes: `\ud83d\ude00`

    error[json/syntax]: `\udc00` is one half of a character
     --> a.json:1:29
      |
    1 | ["\x41", "\u12", "\ud800", "\udc00x", "\ud800\u0041"]
      |                             ^^^^^^
      = help: characters above U+FFFF are two escapes: `\ud83d\ude00`

    error[json/syntax]: `\ud800` is one half of a character
     --> a.json:1:40
      |
    1 | ["\x41", "\u12", "\ud800", "\udc00x", "\ud800\u0041"]
      |                                        ^^^^^^
      = help: characters above U+FFFF are two escapes: `\ud83d\ude00`
    "#);
    assert_snapshot!(check("[\"a\tb\", \"c\u{1}d\"]"), @r#"
    ["a\tb","c\u0001d"]
    error[json/syntax]: a tab inside a string
     --> a.json:1:4
      |
    1 | ["a    b", "c␁d"]
      |    ^^^^
      = help: write `\t`

    error[json/syntax]: the control character U+0001 inside a string
     --> a.json:1:11
      |
    1 | ["a    b", "c␁d"]
      |              ^
      = help: write `\u0001`
    "#);
    assert_snapshot!(check("{\"a\": \"b\n}"), @r#"
    error[json/syntax]: a string is not closed on its line
     --> a.json:1:7
      |
    1 | {"a": "b
      |       ^^ it starts here
      = help: close it with `"`; a line break inside a string is written `\n`
    "#);
    assert_snapshot!(check("[\"\\"), @r#"
    error[json/syntax]: a string is not closed on its line
     --> a.json:1:2
      |
    1 | ["\
      |  ^^ it starts here
      = help: close it with `"`; a line break inside a string is written `\n`
    "#);
}

#[test]
fn what_is_missing_or_too_much_is_told() {
    assert_snapshot!(check(""), @"
    error[json/syntax]: the file is empty
     --> a.json:1:1
      |
    1 |
      | ^
      = help: start with `{`; a file in YAML needs a name that ends in `.yaml`
    ");
    assert_snapshot!(check("{\"a\": }"), @r#"
    {"a":null}
    error[json/syntax]: a value is missing before this `}`
     --> a.json:1:7
      |
    1 | {"a": }
      |       ^
      = help: write a value, such as `null`
    "#);
    assert_snapshot!(check("{\"a\"}"), @r#"
    {"a":null}
    error[json/syntax]: a value is missing before this `}`
     --> a.json:1:5
      |
    1 | {"a"}
      |     ^
      = help: write a value, such as `null`
    "#);
    assert_snapshot!(check("{\"a\": 1} x"), @r#"
    {"a":1}
    error[json/syntax]: there is more after the end of the JSON value
     --> a.json:1:10
      |
    1 | {"a": 1} x
      |          ^ the value ended before this
      | -------- this is the value
    "#);
    assert_snapshot!(check("[\"a\": 1]"), @r#"
    error[json/syntax]: a list has no keys
     --> a.json:1:5
      |
    1 | ["a": 1]
      |     ^
      = help: write an object in braces: `{"key": 1}`
    "#);
    assert_snapshot!(check("{: 1}"), @"
    error[json/syntax]: a key is missing
     --> a.json:1:2
      |
    1 | {: 1}
      |  ^ expected a key in quotes here
    ");
    assert_snapshot!(check("[1\u{a0}, 2]"), @"
    [1,2]
    error[json/syntax]: an unusual space (U+00A0) between the values
     --> a.json:1:3
      |
    1 | [1 , 2]
      |   ^
      = help: write an ordinary space: JSON knows spaces, tabs and line ends only
    ");
    assert_snapshot!(check("]"), @"
    error[json/syntax]: the file starts with `]`, as no JSON does
     --> a.json:1:1
      |
    1 | ]
      | ^
      = help: start with `{`; a file in YAML needs a name that ends in `.yaml`
    ");
}

#[test]
fn what_is_never_closed_is_pointed_at_where_it_opens() {
    assert_snapshot!(check("{\"a\": [1, 2\n"), @r#"
    error[json/syntax]: the `[` is never closed
     --> a.json:1:7
      |
    1 | {"a": [1, 2
      |       ^ opened here
    2 |
      | - the file ends without a `]`
    "#);
    assert_snapshot!(check("{\"a\": [1}"), @r#"
    error[json/syntax]: a `[` is closed by `}`
     --> a.json:1:9
      |
    1 | {"a": [1}
      |         ^ expected `]` here
      |       - the `[`
    "#);
    assert_snapshot!(check("{\"a\":"), @r#"
    error[json/syntax]: the `{` is never closed
     --> a.json:1:1
      |
    1 | {"a":
      | ^ opened here
      |      - the file ends without a `}`
    "#);
    assert_snapshot!(check("{"), @"
    error[json/syntax]: the `{` is never closed
     --> a.json:1:1
      |
    1 | {
      | ^ opened here
      |  - the file ends without a `}`
    ");
}

#[test]
fn a_file_named_json_that_is_yaml_gets_the_messages_of_json() {
    assert_snapshot!(check("asyncapi: 3.0.0\n"), @"
    error[json/syntax]: the file starts with `asyncapi`, as no JSON does
     --> a.json:1:1
      |
    1 | asyncapi: 3.0.0
      | ^^^^^^^^
      = help: start with `{`; a file in YAML needs a name that ends in `.yaml`
    ");
}

#[test]
fn a_file_named_yaml_that_starts_like_json_gets_the_messages_of_yaml() {
    let limits = Limits::default();
    assert_snapshot!(check_within(&limits, "a.yaml", "{a: 1, b: [x, 'y']}"), @r#"{"a":1,"b":["x","y"]}"#);
    assert_snapshot!(check_within(&limits, "a.yaml", "{\"a\": 1"), @r#"
    error[yaml/syntax]: the `{` is never closed
     --> a.yaml:1:1
      |
    1 | {"a": 1
      | ^ opened here
      = help: close it with `}`
    "#);
    assert_snapshot!(check_within(&limits, "a.yaml", "{\n\t\"a\": \"\\/\"\n}"), @r#"{"a":"/"}"#);
}

#[test]
fn a_file_whose_name_says_nothing_is_taken_for_what_it_looks_like() {
    let limits = Limits::default();
    assert_snapshot!(check_within(&limits, "schema", "{\"a\": 1,}"), @r#"
    {"a":1}
    error[json/syntax]: a trailing comma before the closing `}`
     --> schema:1:8
      |
    1 | {"a": 1,}
      |        ^
      = help: remove it: JSON allows no comma after the last one
    "#);
    assert_snapshot!(check_within(&limits, "schema", "{a: 1,}"), @r#"{"a":1}"#);
    assert_snapshot!(check_within(&limits, "schema", "a: 1"), @r#"{"a":1}"#);
}

#[test]
fn too_much_nesting_is_one_finding() {
    let limits = Limits { max_depth: 3, ..Limits::default() };
    assert_snapshot!(check_within(&limits, "a.json", "[[[]], {\"a\": [1]}]"), @r#"[[[]],{"a":[1]}]"#);
    assert_snapshot!(check_within(&limits, "a.json", "[{\"a\": [[1]]}]"), @r#"
    error[json/depth]: more than 3 lists and objects inside each other
     --> a.json:1:9
      |
    1 | [{"a": [[1]]}]
      |         ^ this one is number 4
    "#);
}

#[test]
fn findings_and_nodes_stop_at_their_limits() {
    let limits = Limits { max_findings_per_file: 2, max_nodes: 4, ..Limits::default() };
    assert_snapshot!(check_within(&limits, "a.json", "[01, 02, 03, 04]"), @"
    error[json/syntax]: `01` is not a number as JSON writes it
     --> a.json:1:2
      |
    1 | [01, 02, 03, 04]
      |  ^^
      = help: write `1`

    error[json/syntax]: `02` is not a number as JSON writes it
     --> a.json:1:6
      |
    1 | [01, 02, 03, 04]
      |      ^^
      = help: write `2`

    error[file/too-many-findings]: more than 2 problems in this file
     --> a.json:1:10
      |
    1 | [01, 02, 03, 04]
      |          ^^ reading stopped here
      = help: mend those above first
    ");
    assert_snapshot!(check_within(&limits, "a.json", "[1, 2, 3, 4, 5]"), @"
    error[file/too-many-nodes]: the document has more than 4 values
     --> a.json:1:14
      |
    1 | [1, 2, 3, 4, 5]
      |              ^ reading stopped here
      = help: raise `max_nodes` if the document is meant to be this large
    ");
}
