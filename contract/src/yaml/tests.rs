use insta::assert_snapshot;

use crate::diagnostic::Diagnostics;
use crate::limits::Limits;
use crate::notation;
use crate::tree::tests::dump;

/// A document → its data as JSON, or what a person reads.
fn check(text: &str) -> String {
    check_within(&Limits::default(), text)
}

fn check_within(limits: &Limits, text: &str) -> String {
    let parsed = notation::parse("a.yaml", text, limits);
    let root = parsed.file.and_then(|file| parsed.tree.root(file));
    let data = root.map(|root| dump(root) + "\n").unwrap_or_default();
    match Diagnostics::new(parsed.sources, parsed.findings).to_string() {
        findings if findings.is_empty() => data,
        findings => findings,
    }
}

#[test]
fn data_is_read_as_yaml_1_2_says() {
    assert_snapshot!(check("a: no\nb: on\nc: 1.0\nd: 0o17\ne: 0x1F\nf: true\ng: ~\nh:\ni: 2024-01-01\n"), @r#"{"a":"no","b":"on","c":1.0,"d":15,"e":31,"f":true,"g":null,"h":null,"i":"2024-01-01"}"#);
    assert_snapshot!(check("200: ok\n1.0: x\ntrue: y\nnull: z\n'q': w\n0x1F: v\n"), @r#"{"200":"ok","1.0":"x","true":"y","null":"z","q":"w","0x1F":"v"}"#);
    assert_snapshot!(check("- |\n  two\n  lines\n- >-\n  folded\n  text\n- \"a\\tb\\u00fc\\ud83d\\ude00\"\n- 'it''s'\n"), @r#"["two\nlines\n","folded text","a\tbü😀","it's"]"#);
    assert_snapshot!(check("{a: [1, {b: c}], 'd': , e}"), @r#"{"a":[1,{"b":"c"}],"d":null,"e":null}"#);
    assert_snapshot!(check(""), @"null");
    assert_snapshot!(check("# nothing but a comment\n"), @"null");
    assert_snapshot!(check("--- # start\na: 1\n...\n"), @r#"{"a":1}"#);
    assert_snapshot!(check("a: 1\r\nb:\r\n  - x\r\n"), @r#"{"a":1,"b":["x"]}"#);
}

#[test]
fn tags_of_the_core_schema_are_honoured() {
    assert_snapshot!(check("[!!str 1, ! 2, !!int '3', !!float 4, !!bool 'true', !!null '', !!str , !!map {}, !!seq []]"), @r#"["1","2",3,4,true,null,"",{},[]]"#);
}

#[test]
fn every_value_and_every_key_has_its_place() {
    let text = "a: &x 1 # one\n'b c': |\n  text\n\n\nlist:\n  - {k: v}\n  - *x\nnothing:\nlast: plain\n  goes on\n\n";
    let parsed = notation::parse("a.yaml", text, &Limits::default());
    let root = parsed.tree.root(parsed.file.unwrap()).unwrap();
    let text_of = |span| parsed.sources.text(span).to_owned();
    let pairs: Vec<(String, String)> =
        root.entries().map(|(key, value)| (text_of(key.span), text_of(value.span()))).collect();
    let expected = [
        ("a", "1"),
        ("'b c'", "text"),
        ("list", "- {k: v}\n  - *x"),
        ("nothing", ""),
        ("last", "plain\n  goes on"),
    ];
    assert_eq!(pairs, expected.map(|(key, value)| (key.to_owned(), value.to_owned())));
    assert_eq!(parsed.sources.place(root.get("nothing").unwrap().span()), "a.yaml:9:9");
    assert_eq!(text_of(root.span()), text.trim_end());
}

#[test]
fn an_alias_is_the_node_of_its_anchor() {
    let text = "- [&x {a: 1}]\n- [*x, *x]\n- &y [*x]\n- *y\n";
    let parsed = notation::parse("a.yaml", text, &Limits::default());
    let root = parsed.tree.root(parsed.file.unwrap()).unwrap();
    assert_eq!(dump(root), r#"[[{"a":1}],[{"a":1},{"a":1}],[{"a":1}],[{"a":1}]]"#);
    let lists: Vec<_> = root.items().collect();
    let anchored = lists[0].items().next().unwrap();
    assert_eq!(lists[1].items().next_back().unwrap(), anchored);
    assert_eq!(anchored.get("a").unwrap().pointer(), "#/0/0/a");
    assert_eq!(lists[3].pointer(), "#/2");
    assert_snapshot!(check("&k key: 1\nother: *k\n*k : 2\n"), @"
    error[yaml/duplicate-key]: the key `key` appears twice in one object
     --> a.yaml:3:1
      |
    1 | &k key: 1
      |    --- here first
    2 | other: *k
    3 | *k : 2
      | ^^ here again
      = help: remove one of them, or give it another name
    ");
}

#[test]
fn an_anchor_may_be_defined_again() {
    assert_snapshot!(check("- &x 1\n- *x\n- &x 2\n- *x\n"), @"[1,1,2,2]");
}

#[test]
fn merge_keys_add_what_the_object_has_not() {
    assert_snapshot!(check("base: &b {a: 1, c: 2}\nx:\n  a: own\n  <<: *b\n"), @r#"{"base":{"a":1,"c":2},"x":{"a":"own","c":2}}"#);
    assert_snapshot!(check("x: &x {a: 1}\ny: &y {a: 2, b: 3}\nz: {<<: [*x, *y, {c: 4}]}\n"), @r#"{"x":{"a":1},"y":{"a":2,"b":3},"z":{"a":1,"b":3,"c":4}}"#);
    assert_snapshot!(check("x: {<<: {a: 1, b: {c: 2}}, a: own}\n"), @r#"{"x":{"a":"own","b":{"c":2}}}"#);
    assert_snapshot!(check("x: &x {a: 1}\ny: &y {<<: *x, b: 2}\nz: {<<: *y}\n"), @r#"{"x":{"a":1},"y":{"b":2,"a":1},"z":{"b":2,"a":1}}"#);
    assert_snapshot!(check("'<<': quoted\n"), @r#"{"<<":"quoted"}"#);
    let text = "x: {<<: {a: {b: 2}}}\ny: &y {c: {d: 3}}\nz: {<<: *y}\n";
    let parsed = notation::parse("a.yaml", text, &Limits::default());
    let root = parsed.tree.root(parsed.file.unwrap()).unwrap();
    let at = |one: &str, two: &str| root.get(one).unwrap().get(two).unwrap().pointer();
    assert_eq!(at("x", "a"), "#/x/a");
    assert_eq!(at("z", "c"), "#/y/c");
}

#[test]
fn merge_keys_name_objects_and_stand_once() {
    assert_snapshot!(check("x: &x 1\ny: {<<: *x}\nz:\n  <<: {a: 1}\n  <<: {b: 1}\nv: {<<: [1]}\n"), @"
    error[yaml/unsupported]: the merge key `<<` names a number
     --> a.yaml:2:5
      |
    2 | y: {<<: *x}
      |     ^^
      = help: name an object or a list of objects: `<<: *other`

    error[yaml/duplicate-key]: the merge key `<<` appears twice in one object
     --> a.yaml:5:3
      |
    4 |   <<: {a: 1}
      |   -- here first
    5 |   <<: {b: 1}
      |   ^^ here again
      = help: write one of them with a list: `<<: [*one, *other]`

    error[yaml/unsupported]: the merge key `<<` names a number
     --> a.yaml:6:5
      |
    6 | v: {<<: [1]}
      |     ^^
      = help: name an object or a list of objects: `<<: *other`
    ");
}

#[test]
fn a_key_that_stands_twice_is_told_with_both_places() {
    assert_snapshot!(check("name: 1\nother: 2\n'name': 3\n"), @"
    error[yaml/duplicate-key]: the key `name` appears twice in one object
     --> a.yaml:3:1
      |
    1 | name: 1
      | ---- here first
    2 | other: 2
    3 | 'name': 3
      | ^^^^^^ here again
      = help: remove one of them, or give it another name
    ");
    assert_snapshot!(check("a: {200: x, '200': y}\nb:\n  c: 1\n  c: 2\n  c: 3\n"), @"
    error[yaml/duplicate-key]: the key `200` appears twice in one object
     --> a.yaml:1:13
      |
    1 | a: {200: x, '200': y}
      |             ^^^^^ here again
      |     --- here first
      = help: remove one of them, or give it another name

    error[yaml/duplicate-key]: the key `c` appears twice in one object
     --> a.yaml:4:3
      |
    3 |   c: 1
      |   - here first
    4 |   c: 2
      |   ^ here again
      = help: remove one of them, or give it another name

    error[yaml/duplicate-key]: the key `c` appears twice in one object
     --> a.yaml:5:3
      |
    3 |   c: 1
      |   - here first
    4 |   c: 2
    5 |   c: 3
      |   ^ here again
      = help: remove one of them, or give it another name
    ");
}

#[test]
fn several_problems_are_told_at_once() {
    assert_snapshot!(check("a: .inf\nb: !x 1\nc: *no\nd: -.inf\na: {[1]: 2}\n"), @"
    error[yaml/not-finite]: `.inf` is not a number that JSON can hold
     --> a.yaml:1:4
      |
    1 | a: .inf
      |    ^^^^
      = help: leave it out, or write a string in quotes

    error[yaml/unsupported]: the tag `!x` has no meaning here
     --> a.yaml:2:4
      |
    2 | b: !x 1
      |    ^^
      = help: remove it; to start a text with `!`, put it in quotes

    error[yaml/unknown-alias]: there is no anchor `&no` before this alias
     --> a.yaml:3:4
      |
    3 | c: *no
      |    ^^^
      = help: to start a text with `*`, put it in quotes: `'*no'`

    error[yaml/not-finite]: `-.inf` is not a number that JSON can hold
     --> a.yaml:4:4
      |
    4 | d: -.inf
      |    ^^^^^
      = help: leave it out, or write a string in quotes

    error[yaml/duplicate-key]: the key `a` appears twice in one object
     --> a.yaml:5:1
      |
    1 | a: .inf
      | - here first
    ...
    5 | a: {[1]: 2}
      | ^ here again
      = help: remove one of them, or give it another name

    error[yaml/unsupported]: a key is a list
     --> a.yaml:5:5
      |
    5 | a: {[1]: 2}
      |     ^^^
      = help: a key must be a string
    ");
}

#[test]
fn numbers_that_json_cannot_hold_are_told() {
    assert_snapshot!(check("maximum: .inf\n"), @"
    error[yaml/not-finite]: `.inf` is not a number that JSON can hold
     --> a.yaml:1:10
      |
    1 | maximum: .inf
      |          ^^^^
      = help: leave it out, or write a string in quotes
    ");
    assert_snapshot!(check(&format!("x: 0x1{}\n", "0".repeat(32))), @"
    error[yaml/unsupported]: the number has more than 128 bits
     --> a.yaml:1:4
      |
    1 | x: 0x100000000000000000000000000000000
      |    ^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^
      = help: write it in decimal, or as a string in quotes
    ");
}

#[test]
fn tags_without_meaning_here_are_told() {
    assert_snapshot!(check("id: !uuid 1\n"), @"
    error[yaml/unsupported]: the tag `!uuid` has no meaning here
     --> a.yaml:1:5
      |
    1 | id: !uuid 1
      |     ^^^^^
      = help: remove it; to start a text with `!`, put it in quotes
    ");
    assert_snapshot!(check("a: !!int x\nb: !!timestamp 2024-01-01\nc: !!map [1]\n"), @"
    error[yaml/unsupported]: `x` is not an integer, as its tag `!!int` says
     --> a.yaml:1:10
      |
    1 | a: !!int x
      |          ^
      |    ----- the tag
      = help: change the value, or remove the tag

    error[yaml/unsupported]: the tag `!!timestamp` has no meaning here
     --> a.yaml:2:4
      |
    2 | b: !!timestamp 2024-01-01
      |    ^^^^^^^^^^^
      = help: remove it; to start a text with `!`, put it in quotes

    error[yaml/unsupported]: the tag `!!map` does not fit its value
     --> a.yaml:3:4
      |
    3 | c: !!map [1]
      |    ^^^^^
      = help: remove it; to start a text with `!`, put it in quotes
    ");
    assert_snapshot!(check("!x key: !<tag:example.com,2000:y> [1]\n"), @"
    error[yaml/unsupported]: the tag `!x` has no meaning here
     --> a.yaml:1:1
      |
    1 | !x key: !<tag:example.com,2000:y> [1]
      | ^^
      = help: remove it; to start a text with `!`, put it in quotes

    error[yaml/unsupported]: the tag `!<tag:example.com,2000:y>` has no meaning here
     --> a.yaml:1:9
      |
    1 | !x key: !<tag:example.com,2000:y> [1]
      |         ^^^^^^^^^^^^^^^^^^^^^^^^^
      = help: remove it; to start a text with `!`, put it in quotes
    ");
    assert_snapshot!(check("a: !e!x 1\n"), @"
    error[yaml/syntax]: the tag `!e!x` is declared nowhere
     --> a.yaml:1:4
      |
    1 | a: !e!x 1
      |    ^^^^
      = help: remove it; to start a text with `!`, put it in quotes
    ");
}

#[test]
fn keys_that_are_no_texts_are_told() {
    assert_snapshot!(check("[a, b]: 1\n? {c: d}\n: 2\nok: 3\n"), @"
    error[yaml/unsupported]: a key is a list
     --> a.yaml:1:1
      |
    1 | [a, b]: 1
      | ^^^^^^
      = help: a key must be a string

    error[yaml/unsupported]: a key is an object
     --> a.yaml:2:3
      |
    2 | ? {c: d}
      |   ^^^^^^
      = help: a key must be a string
    ");
    assert_snapshot!(check(": 1\n"), @"
    error[yaml/unsupported]: a key is missing before the colon
     --> a.yaml:1:1
      |
    1 | : 1
      | ^
      = help: a key must be a string
    ");
    assert_snapshot!(check("x: &x [1]\n*x : 2\n"), @"
    error[yaml/unsupported]: a key is an alias of something that is not a string
     --> a.yaml:2:1
      |
    2 | *x : 2
      | ^^
      = help: a key must be a string
    ");
}

#[test]
fn aliases_that_name_nothing_are_told() {
    assert_snapshot!(check("a: &retries 3\nb: *retrys\n"), @"
    error[yaml/unknown-alias]: there is no anchor `&retrys` before this alias
     --> a.yaml:2:4
      |
    2 | b: *retrys
      |    ^^^^^^^
      = help: write `*retries`
    ");
    assert_snapshot!(check("pattern: *.yaml\n"), @"
    error[yaml/unknown-alias]: there is no anchor `&.yaml` before this alias
     --> a.yaml:1:10
      |
    1 | pattern: *.yaml
      |          ^^^^^^
      = help: to start a text with `*`, put it in quotes: `'*.yaml'`
    ");
    assert_snapshot!(check("a: &a\n  b: *a\n"), @"
    error[yaml/unknown-alias]: the alias `*a` is part of what it names
     --> a.yaml:2:6
      |
    2 |   b: *a
      |      ^^
      = help: a document cannot contain itself; use `$ref` for a type that does
    ");
    assert_snapshot!(check("*a : 1\n"), @"
    error[yaml/unknown-alias]: there is no anchor `&a` before this alias
     --> a.yaml:1:1
      |
    1 | *a : 1
      | ^^
      = help: to start a text with `*`, put it in quotes: `'*a'`
    ");
}

#[test]
fn one_document_per_file() {
    assert_snapshot!(check("a: 1\n---\nb: 2\n"), @"
    error[yaml/unsupported]: the file has more than one document
     --> a.yaml:2:1
      |
    1 | a: 1
      | - the first one starts here
    2 | ---
      | ^^^ the second one starts here
      = help: put it into a file of its own
    ");
}

#[test]
fn another_version_of_yaml_is_told() {
    assert_snapshot!(check("%YAML 1.1 # old\n---\na: no\n"), @"
    warning[yaml/version]: the document says YAML 1.1 and is read as YAML 1.2
     --> a.yaml:1:1
      |
    1 | %YAML 1.1 # old
      | ^^^^^^^^^ `no`, `on` and the like are strings in YAML 1.2
      = help: remove the line
    ");
    assert_snapshot!(check("%YAML 2.0\n---\na: no\n"), @"
    error[yaml/syntax]: the document is written in another YAML than 1.2
     --> a.yaml:1:1
      |
    1 | %YAML 2.0
      | ^^^^^^^^^
      = help: remove the line if it is not needed
    ");
    assert_snapshot!(check("%YAML 1.2\n---\na: no\n"), @r#"{"a":"no"}"#);
}

#[test]
fn a_colon_in_a_text_without_quotes_is_pointed_at() {
    assert_snapshot!(check("info:\n  description: Note: this is new\n"), @"
    error[yaml/syntax]: the value of `description` contains `: ` and is not in quotes
     --> a.yaml:2:20
      |
    2 |   description: Note: this is new
      |                    ^ this colon would start another value
      = help: write `description: 'Note: this is new'`
    ");
    assert_snapshot!(check("- when: it's 12: 30\n"), @"
    error[yaml/syntax]: the value of `when` contains `: ` and is not in quotes
     --> a.yaml:1:16
      |
    1 | - when: it's 12: 30
      |                ^ this colon would start another value
      = help: write `when: 'it''s 12: 30'`
    ");
    assert_snapshot!(check("a:b\nc: d\n"), @"
    error[yaml/syntax]: no space follows the colon in `a:b`
     --> a.yaml:1:2
      |
    1 | a:b
      |  ^ this colon
      = help: write `a: b`
    ");
    assert_snapshot!(check("title\nversion: 1\n"), @"
    error[yaml/syntax]: no colon follows `title`
     --> a.yaml:1:1
      |
    1 | title
      | ^^^^^ neither a key nor a list item
    2 | version: 1
      |        - this colon starts a value
    ");
    assert_snapshot!(check("title: Trading\n  version: 1\n"), @"
    error[yaml/syntax]: the key `version` is indented too far
     --> a.yaml:2:3
      |
    2 |   version: 1
      |   ^^^^^^^ indented by 2, the line above by 0
      = help: `title` has a value already: indent by 0, or remove that value
    ");
    assert_snapshot!(check("a: {b: c: d}\n"), @"
    error[yaml/syntax]: a `,` or `}` is missing in this object
     --> a.yaml:1:9
      |
    1 | a: {b: c: d}
      |         ^ expected `,` or `}` here
      |    - the object starts here
      = help: close the object, or put the text that contains the colon in quotes
    ");
}

// Found by the fuzz target `document`.
#[test]
fn a_line_may_end_with_a_mere_carriage_return_whatever_is_wrong_with_it() {
    for text in ["%o }` \r", "a: b: c\r", "[a\r", "'a' b\r", "a\r\n...\nb\r", "\r\t}\r", "\"\\q\r"]
    {
        assert!(check(text).starts_with("error["), "{text:?}");
    }
}

#[test]
fn a_tab_for_indentation_is_pointed_at() {
    assert_snapshot!(check("a:\n\tb: 1\n"), @"
    error[yaml/syntax]: a tab is used for indentation
     --> a.yaml:2:1
      |
    2 |     b: 1
      | ^^^^
      = help: indent with spaces: YAML allows no tabs there
    ");
    assert_snapshot!(check("a:\n  b: 1\n \tc: 2\n"), @"
    error[yaml/syntax]: a tab is used for indentation
     --> a.yaml:3:2
      |
    3 |      c: 2
      |  ^^^^
      = help: indent with spaces: YAML allows no tabs there
    ");
    assert_snapshot!(check("a: |\n\ttext\n"), @"
    error[yaml/syntax]: a tab is used for indentation
     --> a.yaml:2:1
      |
    2 |     text
      | ^^^^
      = help: indent with spaces: YAML allows no tabs there
    ");
}

#[test]
fn what_is_never_closed_is_pointed_at_where_it_opens() {
    assert_snapshot!(check("a: \"text\nb: 1\n"), @r#"
    error[yaml/syntax]: the text that starts with this `"` is never closed
     --> a.yaml:1:4
      |
    1 | a: "text
      |    ^ opened here
      = help: close it with `"`
    "#);
    assert_snapshot!(check("a: 'it's'\n"), @"
    error[yaml/syntax]: text follows the closing quote
     --> a.yaml:1:8
      |
    1 | a: 'it's'
      |        ^^ this is outside of the quotes
      = help: put all of it in quotes; a quote inside is written twice: `''`
    ");
    assert_snapshot!(check("a: [1, 2\n"), @"
    error[yaml/syntax]: the `[` is never closed
     --> a.yaml:1:4
      |
    1 | a: [1, 2
      |    ^ opened here
      = help: close it with `]`
    ");
    assert_snapshot!(check("a: [1, 2\nb: 1\n"), @"
    error[yaml/syntax]: a `,` or `]` is missing in this list
     --> a.yaml:2:2
      |
    1 | a: [1, 2
      |    - the list starts here
    2 | b: 1
      |  ^ expected `,` or `]` here
      = help: close the list, or put the text that contains the colon in quotes
    ");
    assert_snapshot!(check("a: {b: 1\nc: 1\n"), @"
    error[yaml/syntax]: a `,` or `}` is missing in this object
     --> a.yaml:2:2
      |
    1 | a: {b: 1
      |    - the object starts here
    2 | c: 1
      |  ^ expected `,` or `}` here
      = help: close the object, or put the text that contains the colon in quotes
    ");
    assert_snapshot!(check("a: [1, 2}\n"), @"
    error[yaml/syntax]: the `[` is closed by `}`
     --> a.yaml:1:4
      |
    1 | a: [1, 2}
      |    ^ opened here
      = help: close it with `]`
    ");
    assert_snapshot!(check("a: [1]]\n"), @"
    error[yaml/syntax]: this `]` closes nothing
     --> a.yaml:1:7
      |
    1 | a: [1]]
      |       ^
      = help: remove it, or put the text that it belongs to in quotes
    ");
}

#[test]
fn a_line_that_is_indented_oddly_is_pointed_at() {
    assert_snapshot!(check("a:\n  b: 1\n c: 2\n"), @"
    error[yaml/syntax]: the indentation fits no line above
     --> a.yaml:3:2
      |
    3 |  c: 2
      |  ^^^^ indented by 1, the lines above by 0 or 2
      = help: indent it by 0 or 2 spaces
    ");
    assert_snapshot!(check("a:\n  - b: 1\n   c: 2\n"), @"
    error[yaml/syntax]: the indentation fits no line above
     --> a.yaml:3:4
      |
    3 |    c: 2
      |    ^^^^ indented by 3, the lines above by 2 or 4
      = help: indent it by 2 or 4 spaces
    ");
    assert_snapshot!(check("a: 1\n- b\n"), @"
    error[yaml/syntax]: a list item among the keys of an object
     --> a.yaml:2:1
      |
    2 | - b
      | ^^^
      = help: indent the items below the key whose value they are
    ");
    assert_snapshot!(check("- a\nb: 1\n"), @"
    error[yaml/syntax]: a key among the items of a list
     --> a.yaml:2:1
      |
    2 | b: 1
      | ^^^^
      = help: indent it below the item that it belongs to, or below the key of the list
    ");
    assert_snapshot!(check("a: 1\nb\nc: 2\n"), @"
    error[yaml/syntax]: `b` is neither a key nor part of a text
     --> a.yaml:2:1
      |
    2 | b
      | ^ a colon is missing
      = help: write `b: …`, or indent it below the text it belongs to
    ");
}

#[test]
fn texts_that_need_quotes_are_pointed_at() {
    assert_snapshot!(check("a: @home\n"), @"
    error[yaml/syntax]: a text cannot start with `@`
     --> a.yaml:1:4
      |
    1 | a: @home
      |    ^
      = help: put it in quotes: `'@home'`
    ");
    assert_snapshot!(check("a: `it's`\n"), @"
    error[yaml/syntax]: a text cannot start with a backquote
     --> a.yaml:1:4
      |
    1 | a: `it's`
      |    ^
      = help: put it in quotes: `'`it''s`'`
    ");
    assert_snapshot!(check("a: \"x\" y\n"), @r#"
    error[yaml/syntax]: text follows the closing quote
     --> a.yaml:1:8
      |
    1 | a: "x" y
      |        ^ this is outside of the quotes
      = help: put all of it in quotes; a quote inside is written `\"`
    "#);
    assert_snapshot!(check("pattern: \"^\\d+$\"\n"), @r#"
    error[yaml/syntax]: `\d` is not an escape
     --> a.yaml:1:12
      |
    1 | pattern: "^\d+$"
      |            ^^
      = help: write `\\d`, or use single quotes, where a backslash means itself
    "#);
    assert_snapshot!(check("a: &\n"), @"
    error[yaml/syntax]: no name follows the `&`
     --> a.yaml:1:4
      |
    1 | a: &
      |    ^
      = help: to start a text with `&`, put it in quotes
    ");
    assert_snapshot!(check("a: - b\n"), @"
    error[yaml/syntax]: a list cannot start on the line of its key
     --> a.yaml:1:4
      |
    1 | a: - b
      |    ^
      = help: write the items on lines of their own, or in brackets: `[one, other]`
    ");
    assert_snapshot!(check("a: [- b]\n"), @"
    error[yaml/syntax]: items with `- ` cannot stand between brackets
     --> a.yaml:1:5
      |
    1 | a: [- b]
      |     ^
      = help: separate the items by commas: `[one, other]`
    ");
    assert_snapshot!(check("a: | text\n"), @"
    error[yaml/syntax]: text follows `|` on the same line
     --> a.yaml:1:4
      |
    1 | a: | text
      |    ^^^^^^
      = help: start the text on the next line, indented, or remove the `|`
    ");
    assert_snapshot!(check("a: \u{1}\n"), @"
    error[yaml/syntax]: the character U+0001 is not allowed
     --> a.yaml:1:4
      |
    1 | a: ␁
      |    ^
      = help: remove it, or write it as an escape in double quotes
    ");
    assert_snapshot!(check("\"a\" b\n"), @r#"
    error[yaml/syntax]: text follows the closing quote
     --> a.yaml:1:5
      |
    1 | "a" b
      |     ^ this is outside of the quotes
      = help: put all of it in quotes; a quote inside is written `\"`
    "#);
    assert_snapshot!(check("a: 'b'#c\n"), @"
    error[yaml/syntax]: there is no space before this `#`
     --> a.yaml:1:7
      |
    1 | a: 'b'#c
      |       ^
      = help: write a space before it
    ");
    assert_snapshot!(check("a: \"\\ud800\"\n"), @r#"
    error[yaml/syntax]: `\ud800` is not a character
     --> a.yaml:1:5
      |
    1 | a: "\ud800"
      |     ^^^^^^
      = help: characters above U+FFFF are written as `\U0001f600`
    "#);
}

#[test]
fn escapes_that_are_no_characters_are_pointed_at() {
    assert_snapshot!(check("a: \"\\u00fc \\u12\"\n"), @r#"
    error[yaml/syntax]: `\u12` is not an escape
     --> a.yaml:1:12
      |
    1 | a: "\u00fc \u12"
      |            ^^^^ expected 4 hexadecimal digits after `\u`
    "#);
    assert_snapshot!(check("a: \"\\ud83d\\ude00 \\udc00\"\n"), @r#"
    error[yaml/syntax]: `\udc00` is not a character
     --> a.yaml:1:18
      |
    1 | a: "\ud83d\ude00 \udc00"
      |                  ^^^^^^
      = help: characters above U+FFFF are written as `\U0001f600`
    "#);
    assert_snapshot!(check("a: \"\\ud83d\\u0041\"\n"), @r#"
    error[yaml/syntax]: `\ud83d` is not a character
     --> a.yaml:1:5
      |
    1 | a: "\ud83d\u0041"
      |     ^^^^^^
      = help: characters above U+FFFF are written as `\U0001f600`
    "#);
}

#[test]
fn a_key_that_is_too_long_for_yaml_is_told() {
    assert_snapshot!(check(&format!("ok: 1\n{}: 1\n", "key".repeat(342))), @"
    error[yaml/syntax]: a key has more than 1024 characters
     --> a.yaml:2:1
      |
    2 | keykeykeykeykeykeykeykeykeykeykeykeykeykeykeykeykeykeykeykeykeykeykeykeykeykeyke…
      | ^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^
      = help: shorten it, or write `? ` before it and the colon on the next line
    ");
}

#[test]
fn too_much_nesting_is_one_finding_whatever_it_is_made_of() {
    let limits = Limits { max_depth: 3, ..Limits::default() };
    assert_snapshot!(check_within(&limits, "a:\n  b:\n    c: 1\n"), @r#"{"a":{"b":{"c":1}}}"#);
    assert_snapshot!(check_within(&limits, "a:\n  b:\n    c:\n      d: 1\n"), @"
    error[yaml/depth]: more than 3 lists and objects inside each other
     --> a.yaml:4:7
      |
    4 |       d: 1
      |       ^ this would be number 4
      = help: move inner parts into `components` and refer to them
    ");
    assert_snapshot!(check_within(&limits, "[[[[]]]]"), @"
    error[yaml/depth]: more than 3 lists and objects inside each other
     --> a.yaml:1:4
      |
    1 | [[[[]]]]
      |    ^ this would be number 4
      = help: move inner parts into `components` and refer to them
    ");
    assert_snapshot!(check_within(&limits, "- &x [[1]]\n- [*x]\n"), @"
    error[yaml/depth]: more than 3 lists and objects inside each other
     --> a.yaml:2:4
      |
    2 | - [*x]
      |    ^^ this would be number 4
      = help: move inner parts into `components` and refer to them
    ");
    assert_snapshot!(check_within(&limits, "- - - - x\n"), @"
    error[yaml/depth]: more than 3 lists and objects inside each other
     --> a.yaml:1:7
      |
    1 | - - - - x
      |       ^ this would be number 4
      = help: move inner parts into `components` and refer to them
    ");
}

#[test]
fn aliases_that_would_expand_beyond_the_limit_are_refused_without_expanding() {
    let mut bomb = String::from("a0: &a0 [lol]\n");
    for n in 1..64 {
        let alias = format!("*a{}", n - 1);
        bomb += &format!("a{n}: &a{n} [{}]\n", [alias.as_str(); 9].join(", "));
    }
    assert_snapshot!(check(&bomb), @"
    error[yaml/alias-expansion]: aliases would add more than 1000000 values to the document
     --> a.yaml:7:40
      |
    6 | a5: &a5 [*a4, *a4, *a4, *a4, *a4, *a4, *a4, *a4, *a4]
      |         --------------------------------------------- it names this
    7 | a6: &a6 [*a5, *a5, *a5, *a5, *a5, *a5, *a5, *a5, *a5]
      |                                        ^^^ this alias is one too many
    ");
}

#[test]
fn findings_stop_at_the_limit() {
    let limits = Limits { max_findings_per_file: 2, ..Limits::default() };
    assert_snapshot!(check_within(&limits, "[.inf, .inf, .inf, .inf]"), @"
    error[yaml/not-finite]: `.inf` is not a number that JSON can hold
     --> a.yaml:1:2
      |
    1 | [.inf, .inf, .inf, .inf]
      |  ^^^^
      = help: leave it out, or write a string in quotes

    error[yaml/not-finite]: `.inf` is not a number that JSON can hold
     --> a.yaml:1:8
      |
    1 | [.inf, .inf, .inf, .inf]
      |        ^^^^
      = help: leave it out, or write a string in quotes

    error[file/too-many-findings]: more than 2 problems in this file
     --> a.yaml:1:14
      |
    1 | [.inf, .inf, .inf, .inf]
      |              ^^^^ reading stopped here
      = help: mend those above first
    ");
}

#[test]
fn nodes_stop_at_the_limit() {
    let limits = Limits { max_nodes: 3, ..Limits::default() };
    assert_snapshot!(check_within(&limits, "a: 1\nb: 2\nc: 3\n"), @"
    error[file/too-many-nodes]: the document has more than 3 values
     --> a.yaml:1:1
      |
    1 | a: 1
      | ^^^^ reading stopped here
      = help: raise `max_nodes` if the document is meant to be this large
    ");
}
