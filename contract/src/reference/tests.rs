use insta::assert_snapshot;

use super::{AllFiles, read_all};
use crate::diagnostic::Diagnostics;
use crate::files::Memory;
use crate::limits::Limits;
use crate::location::Location;
use crate::tree::NodeRef;

fn read(files: &[(&str, &str)], limits: &Limits) -> AllFiles {
    let mut memory = Memory::new();
    for (name, text) in files {
        memory = memory.with(name, *text);
    }
    read_all(&Location::named(files[0].0), &mut memory, limits)
}

/// Every object with a `$ref` in a node, in document order.
fn references(node: NodeRef<'_>) -> Vec<NodeRef<'_>> {
    let mut found = if node.get("$ref").is_some() { vec![node] } else { Vec::new() };
    found.extend(node.items().flat_map(references));
    found.extend(node.entries().flat_map(|(_, value)| references(value)));
    found
}

/// Files, the first being the document → where each reference of the document leads, or what a
/// person reads.
fn check(files: &[(&str, &str)]) -> String {
    check_within(&Limits::default(), files)
}

fn check_within(limits: &Limits, files: &[(&str, &str)]) -> String {
    let all = read(files, limits);
    let mut shown = String::new();
    let mut findings = Vec::new();
    let document = all.references.document().and_then(|file| all.tree.root(file));
    for reference in document.map(references).unwrap_or_default() {
        match all.references.follow(reference) {
            Ok(target) => {
                let file = all.references.file_name(target.span().file);
                shown += &format!("{} → {file}{}\n", reference.pointer(), target.pointer());
            }
            Err(finding) => findings.push(*finding),
        }
    }
    findings.extend(all.references.findings());
    shown + &Diagnostics::new(all.sources, findings).to_string()
}

fn document(text: &str) -> String {
    check(&[("a.yaml", text)])
}

#[test]
fn a_pointer_leads_to_the_node_it_names() {
    assert_snapshot!(document("x: {$ref: '#/y/a~1b~0c/1'}\ny: {a/b~c: [0, 1]}\n"), @"#/x → a.yaml#/y/a~1b~0c/1");
    assert_snapshot!(document("x: {$ref: '#/y/%22%25'}\ny: {'\"%': 1}\n"), @r#"#/x → a.yaml#/y/"%"#);
    assert_snapshot!(document("x: {$ref: '#'}\ny: [{$ref: '#/y'}, {$ref: ''}]\n'': {z: {$ref: '#//z/w', w: 1}}\n"), @"
    #/x → a.yaml#
    #/y/0 → a.yaml#/y
    #/y/1 → a.yaml#
    #//z → a.yaml#//z/w
    ");
}

#[test]
fn a_chain_leads_to_its_end_and_what_stands_beside_a_reference_is_ignored() {
    assert_snapshot!(document("x: {$ref: '#/y', a: 1}\ny: {$ref: '#/z'}\nz: {b: 2}\n"), @"
    #/x → a.yaml#/z
    #/y → a.yaml#/z
    ");
}

#[test]
fn a_hop_leads_one_step_only() {
    let all = read(&[("a.yaml", "x: {$ref: '#/y'}\ny: {$ref: '#/z'}\nz: 1\n")], &Limits::default());
    let root = all.tree.root(all.references.document().unwrap()).unwrap();
    let next = all.references.hop(root.get("x").unwrap()).unwrap();
    assert_eq!(next.pointer(), "#/y");
    assert_eq!(all.references.follow(next).unwrap().pointer(), "#/z");
    assert_eq!(all.references.hop(root).unwrap(), root);
}

#[test]
fn a_reference_in_a_plain_string_is_followed_when_asked() {
    let all = read(
        &[("a.yaml", "mapping: {x: '#/y', z: '#/n'}\ny: {$ref: '#/z'}\nz: 1\n")],
        &Limits::default(),
    );
    let root = all.tree.root(all.references.document().unwrap()).unwrap();
    let mapping = root.get("mapping").unwrap();
    let follow = |key| all.references.follow_text(mapping.get(key).unwrap());
    assert_eq!(follow("x").unwrap().pointer(), "#/z");
    assert_eq!(follow("z").unwrap_err().rule.id, "reference/unresolved");
}

#[test]
fn a_pointer_leads_through_references_on_its_way() {
    let files = [
        ("a.yaml", "x: {$ref: '#/channels/c/messages/m'}\nchannels: {c: {$ref: 'b.yaml#/c'}}\n"),
        ("b.yaml", "c: {messages: {m: {$ref: '#/m'}}}\nm: 1\n"),
    ];
    assert_snapshot!(check(&files), @"
    #/x → b.yaml#/m
    #/channels/c → b.yaml#/c
    ");
}

#[test]
fn files_are_found_beside_the_file_that_names_them() {
    let files = [
        (
            "api/a.yaml",
            "- $ref: ../common/b.json\n- $ref: ../common/b.json#/x\n- $ref: my%20file.yaml#/y\n- $ref: a.yaml#/0\n",
        ),
        ("common/b.json", "{\"x\": {\"$ref\": \"c.yaml#/z\"}}"),
        ("common/c.yaml", "z: {$ref: ../api/a.yaml}\n"),
        ("api/my file.yaml", "y: 1\n"),
    ];
    assert_snapshot!(check(&files), @"
    #/0 → common/b.json#
    #/1 → api/a.yaml#
    #/2 → api/my file.yaml#/y
    #/3 → common/b.json#
    ");
}

#[test]
fn a_schema_is_found_under_its_id_and_sets_the_base_for_what_is_inside() {
    assert_snapshot!(document("
a: { $ref: 'http://example.com/one.json' }
b: { $ref: 'http://example.com/two.json#/definitions/x' }
c: { $ref: 'urn:example:three#name' }
definitions:
  one:
    $id: http://example.com/one.json
    not: { $ref: two.json }
    definitions:
      two:
        $id: two.json
        definitions: { x: { type: string } }
        not: { $ref: '#/definitions/x' }
  three:
    $id: urn:example:three
    definitions: { y: { $id: '#name' } }
    not: { $ref: '#name' }
"), @"
    #/a → a.yaml#/definitions/one
    #/b → a.yaml#/definitions/one/definitions/two/definitions/x
    #/c → a.yaml#/definitions/three/definitions/y
    #/definitions/one/not → a.yaml#/definitions/one/definitions/two
    #/definitions/one/definitions/two/not → a.yaml#/definitions/one/definitions/two/definitions/x
    #/definitions/three/not → a.yaml#/definitions/three/definitions/y
    ");
}

#[test]
fn an_id_counts_only_where_a_schema_can_stand() {
    assert_snapshot!(document("
schema:
  properties: { $id: { type: string } }
  enum: [{ $id: 'http://example.com/a' }]
  default: { $id: 'http://example.com/a' }
  x-unknown: { $id: 'http://example.com/a' }
  not: { unknown: [{ $id: 'http://example.com/a' }] }
  $ref: '#/other'
  $id: 'http://example.com/a'
other: { allOf: [{ $id: 'http://example.com/a' }] }
reference: { $ref: 'http://example.com/a' }
"), @"
    #/schema → a.yaml#/other
    #/reference → a.yaml#/schema/x-unknown
    ");
}

#[test]
fn references_that_other_tools_resolve_without_looking_at_ids_lead_where_they_say() {
    let files = [
        (
            "a.yaml",
            "
components:
  schemas:
    Bar:
      $id: Bar
      properties:
        quote: { $ref: '#/components/schemas/Quote' }
        trade: { $ref: './trade.yaml' }
    Order:
      $id: https://example.com/order
      properties:
        trade: { $ref: './trade.yaml' }
    Quote: { type: object }
",
        ),
        ("trade.yaml", "type: object\n"),
    ];
    assert_snapshot!(check(&files), @"
    #/components/schemas/Bar/properties/quote → a.yaml#/components/schemas/Quote
    #/components/schemas/Bar/properties/trade → trade.yaml#
    #/components/schemas/Order/properties/trade → trade.yaml#
    ");
}

#[test]
fn a_part_that_is_not_there_is_named_with_what_is_there_instead() {
    assert_snapshot!(document("
payload: { $ref: '#/components/schemas/Baar' }
components:
  schemas: { Bar: {}, Quote: {} }
"), @"
    error[reference/unresolved]: `#/components/schemas/Baar` leads nowhere: there is no `Baar` in `#/components/schemas`
     --> a.yaml:2:40
      |
    2 | payload: { $ref: '#/components/schemas/Baar' }
      |                                        ^^^^ there are `Bar` and `Quote`
      = help: write `#/components/schemas/Bar`
    ");
    assert_snapshot!(document("
payload:
  $ref: '#/component/schemas/Bar'
components: { schemas: { Bar: {} } }
other: 1
a: 1
b: 1
c: 1
d: 1
"), @"
    error[reference/unresolved]: `#/component/schemas/Bar` leads nowhere: there is no `component` in the document
     --> a.yaml:3:12
      |
    3 |   $ref: '#/component/schemas/Bar'
      |            ^^^^^^^^^ there are `payload`, `components`, `other`, `a`, `b` and 2 more
      = help: write `#/components/schemas/Bar`
    ");
    assert_snapshot!(document("
payload: { $ref: '#/definitions/Bar' }
components: { schemas: { Bar: {} } }
"), @"
    error[reference/unresolved]: `#/definitions/Bar` leads nowhere: there is no `definitions` in the document
     --> a.yaml:2:21
      |
    2 | payload: { $ref: '#/definitions/Bar' }
      |                     ^^^^^^^^^^^ there are `payload` and `components`
      = help: write `#/components/schemas/Bar`
    ");
    assert_snapshot!(document("- $ref: '#/1/x/2'\n- x: [a, b]\n"), @"
    error[reference/unresolved]: `#/1/x/2` leads nowhere: there is no `2` in `#/1/x`
     --> a.yaml:1:16
      |
    1 | - $ref: '#/1/x/2'
      |                ^ it is a list with the items `0` to `1`
    ");
    assert_snapshot!(document("- $ref: '#/1/x/y'\n- x: text\n"), @"
    error[reference/unresolved]: `#/1/x/y` leads nowhere: `#/1/x` is a string and has no `y`
     --> a.yaml:1:16
      |
    1 | - $ref: '#/1/x/y'
      |                ^
    ");
    assert_snapshot!(document("- $ref: '#/1/x'\n- {}\n"), @"
    error[reference/unresolved]: `#/1/x` leads nowhere: there is no `x` in `#/1`
     --> a.yaml:1:14
      |
    1 | - $ref: '#/1/x'
      |              ^ it is empty
    ");
    assert_snapshot!(document("- $ref: '#/01'\n- {}\n"), @"
    error[reference/unresolved]: `#/01` leads nowhere: there is no `01` in the document
     --> a.yaml:1:12
      |
    1 | - $ref: '#/01'
      |            ^^ it is a list with the items `0` to `1`
    ");
}

#[test]
fn a_part_of_another_file_that_is_not_there_shows_that_file() {
    let files = [("a.yaml", "x: {$ref: \"b.yaml#/Baz\"}\n"), ("b.yaml", "# models\nBar: {}\n")];
    assert_snapshot!(check(&files), @r#"
    error[reference/unresolved]: `b.yaml#/Baz` leads nowhere: there is no `Baz` in `b.yaml`
     --> a.yaml:1:20
      |
    1 | x: {$ref: "b.yaml#/Baz"}
      |                    ^^^ there is only `Bar`
     ::: b.yaml:2:1
      |
    2 | Bar: {}
      | ------- `b.yaml` is here
      = help: write `b.yaml#/Bar`
    "#);
}

#[test]
fn a_pointer_without_its_slash_is_told() {
    assert_snapshot!(document("x: { $ref: '#components/schemas/Bar' }\ncomponents: { schemas: { Bar: {} } }\n"), @"
    error[reference/unresolved]: `#components/schemas/Bar` leads nowhere: no schema has `$id: '#components/schemas/Bar'`
     --> a.yaml:1:12
      |
    1 | x: { $ref: '#components/schemas/Bar' }
      |            ^^^^^^^^^^^^^^^^^^^^^^^^^
      = help: write `#/components/schemas/Bar`: a path starts with `/`
    ");
    assert_snapshot!(document("x: { $ref: '#Bar' }\ncomponents: { schemas: { Bar: {} } }\n"), @"
    error[reference/unresolved]: `#Bar` leads nowhere: no schema has `$id: '#Bar'`
     --> a.yaml:1:12
      |
    1 | x: { $ref: '#Bar' }
      |            ^^^^^^
      = help: write `#/components/schemas/Bar`
    ");
    assert_snapshot!(document("x: { $ref: '#nothing' }\n"), @"
    error[reference/unresolved]: `#nothing` leads nowhere: no schema has `$id: '#nothing'`
     --> a.yaml:1:12
      |
    1 | x: { $ref: '#nothing' }
      |            ^^^^^^^^^^
      = help: a path into the file starts with `#/`
    ");
    assert_snapshot!(document("x: { $ref: '#/a%zz' }\n"), @"
    error[reference/unresolved]: `#/a%zz` has a percent sign that starts no encoding
     --> a.yaml:1:12
      |
    1 | x: { $ref: '#/a%zz' }
      |            ^^^^^^^^
      = help: write `%25` for a percent sign
    ");
}

#[test]
fn a_value_that_is_no_string_is_told() {
    assert_snapshot!(document("x: { $ref: 5 }\ny: { $ref: [a] }\n"), @"
    error[reference/not-a-reference]: a reference is a string, not a number
     --> a.yaml:1:12
      |
    1 | x: { $ref: 5 }
      |            ^
      = help: write where the target is: `'#/components/schemas/Name'`

    error[reference/not-a-reference]: a reference is a string, not a list
     --> a.yaml:2:12
      |
    2 | y: { $ref: [a] }
      |            ^^^
      = help: write where the target is: `'#/components/schemas/Name'`
    ");
}

#[test]
fn references_in_a_circle_are_told_once() {
    assert_snapshot!(document("x: { $ref: '#/x' }\n"), @"
    error[reference/cycle]: the reference `#/x` names itself
     --> a.yaml:1:12
      |
    1 | x: { $ref: '#/x' }
      |            ^^^^^
      = help: let one of them be the thing itself instead of a reference
    ");
    assert_snapshot!(document("a: { $ref: '#/b' }\nb: { $ref: '#/c' }\nc: { $ref: '#/d' }\nd: { $ref: '#/b' }\n"), @"
    error[reference/cycle]: the reference `#/c` leads back to itself
     --> a.yaml:2:12
      |
    2 | b: { $ref: '#/c' }
      |            ^^^^^
    3 | c: { $ref: '#/d' }
      |            ----- by way of this reference
    4 | d: { $ref: '#/b' }
      |            ----- by way of this reference
      = help: let one of them be the thing itself instead of a reference
    ");
    assert_snapshot!(document("a: { $ref: '#/a/b' }\nc: { $ref: '#/d/x' }\nd: { $ref: '#/c/x' }\n"), @"
    error[reference/cycle]: the reference `#/a/b` names itself
     --> a.yaml:1:12
      |
    1 | a: { $ref: '#/a/b' }
      |            ^^^^^^^
      = help: let one of them be the thing itself instead of a reference

    error[reference/cycle]: the reference `#/d/x` leads back to itself
     --> a.yaml:2:12
      |
    2 | c: { $ref: '#/d/x' }
      |            ^^^^^^^
    3 | d: { $ref: '#/c/x' }
      |            ------- by way of this reference
      = help: let one of them be the thing itself instead of a reference
    ");
}

#[test]
fn a_type_that_contains_itself_is_no_circle() {
    assert_snapshot!(document("node: { properties: { next: { $ref: '#/node' } } }\n"), @"#/node/properties/next → a.yaml#/node");
}

#[test]
fn files_that_cannot_be_read_are_told() {
    let files = [("a.yaml", "x: { $ref: './schema.yaml#/Bar' }\n"), ("schemas.yaml", "Bar: 1\n")];
    assert_snapshot!(check(&files), @"
    error[reference/unreadable-file]: cannot read `schema.yaml`: there is no such file
     --> a.yaml:1:12
      |
    1 | x: { $ref: './schema.yaml#/Bar' }
      |            ^^^^^^^^^^^^^^^^^^^^
      = help: write `./schemas.yaml`
    ");
    assert_snapshot!(document("x: { $ref: Bar }\n"), @"
    error[reference/unreadable-file]: cannot read `Bar`: there is no such file
     --> a.yaml:1:12
      |
    1 | x: { $ref: Bar }
      |            ^^^
      = help: a part of this file starts with `#/`
    ");
    assert_snapshot!(check(&[("a.yaml", "x: { $ref: b.yaml }\n"), ("b.yaml", "a: b: c\n")]), @"
    error[reference/unreadable-file]: `b.yaml` is neither YAML nor JSON that can be read
     --> a.yaml:1:12
      |
    1 | x: { $ref: b.yaml }
      |            ^^^^^^ its own findings say why

    error[yaml/syntax]: the value of `a` contains `: ` and is not in quotes
     --> b.yaml:1:5
      |
    1 | a: b: c
      |     ^ this colon would start another value
      = help: write `a: 'b: c'`
    ");
    assert_snapshot!(check(&[("a.yaml", "x: { $ref: b.yaml }\n"), ("b.yaml", "a: \0\n")]), @"
    error[reference/unreadable-file]: `b.yaml` is neither YAML nor JSON that can be read
     --> a.yaml:1:12
      |
    1 | x: { $ref: b.yaml }
      |            ^^^^^^ its own findings say why

    error[file/encoding]: `b.yaml` has a NUL byte in its text
     --> b.yaml:1:4
      |
    1 | a: ␀
      |    ^
      = help: remove it; a file with many of them is probably not text
    ");
    assert_snapshot!(check(&[("a.yaml", "x: { $ref: b.yaml }\n"), ("b.yaml", "\u{0}a\u{0}b")]), @"
    error[reference/unreadable-file]: `b.yaml` is UTF-16 (big endian), not UTF-8
     --> a.yaml:1:12
      |
    1 | x: { $ref: b.yaml }
      |            ^^^^^^
      = help: save the file as UTF-8
    ");
    assert_snapshot!(document("x: { $ref: ../secret.yaml }\n"), @"
    error[reference/outside-root]: `../secret.yaml` may not be read: it is outside of `.`
     --> a.yaml:1:12
      |
    1 | x: { $ref: ../secret.yaml }
      |            ^^^^^^^^^^^^^^
      = help: move the file there, or allow its folder
    ");
    assert_snapshot!(document("x: { $ref: 'https://example.com/a.json#/x' }\ny: { $ref: 'urn:example:x' }\n"), @"
    error[reference/remote-refused]: `https://example.com/a.json` is not fetched
     --> a.yaml:1:12
      |
    1 | x: { $ref: 'https://example.com/a.json#/x' }
      |            ^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^
      = help: keep a copy of it beside the document and refer to the copy

    error[reference/unresolved]: no schema has the `$id` `urn:example:x`
     --> a.yaml:2:12
      |
    2 | y: { $ref: 'urn:example:x' }
      |            ^^^^^^^^^^^^^^^
    ");
    assert_snapshot!(document("x: { $id: 'https://example.com/a/', not: { $ref: b.json } }\n"), @"
    error[reference/remote-refused]: `https://example.com/a/b.json` is not fetched
     --> a.yaml:1:50
      |
    1 | x: { $id: 'https://example.com/a/', not: { $ref: b.json } }
      |                                                  ^^^^^^
      |           ------------------------ this `$id` says what relative references mean
      = help: keep a copy of it beside the document and refer to the copy
    ");
}

#[test]
fn a_file_that_no_reference_leads_to_is_not_complained_about() {
    let files = [
        ("a.yaml", "examples: [{ payload: { $ref: b.yaml } }, { $ref: nowhere.yaml }]\n"),
        ("b.yaml", "a: b: c\n"),
    ];
    let all = read(&files, &Limits::default());
    assert!(all.references.findings().is_empty());
}

#[test]
fn a_file_in_another_notation_is_found_without_being_understood() {
    let files = [
        ("a.yaml", "x: { $ref: b.proto }\ny: { $ref: 'b.proto#/z' }\n"),
        ("b.proto", "message X {\n"),
    ];
    let all = read(&files, &Limits::default());
    let root = all.tree.root(all.references.document().unwrap()).unwrap();
    let file = all.references.file(root.get("x").unwrap()).unwrap();
    assert_eq!(all.sources.file(file).text(), "message X {\n");
    let error = all.references.file(root.get("y").unwrap()).unwrap_err();
    assert_eq!(error.rule.id, "reference/unresolved");
    assert!(all.references.findings().is_empty());
}

#[test]
fn a_document_that_cannot_be_read_is_told() {
    let check = |name: &str| {
        let mut files = Memory::new().with("asyncapi.yaml", "a: 1");
        let all = read_all(&Location::named(name), &mut files, &Limits::default());
        Diagnostics::new(all.sources, all.references.findings()).to_string()
    };
    assert_snapshot!(check("asyncapi.yml"), @"
    error[file/unreadable]: cannot read `asyncapi.yml`: there is no such file
     --> asyncapi.yml
      = help: there is `asyncapi.yaml`
    ");
    assert_snapshot!(check("https://example.com/asyncapi.yaml"), @"
    error[file/unreadable]: cannot read `https://example.com/asyncapi.yaml`: URLs are not fetched
     --> https://example.com/asyncapi.yaml
    ");
}

#[test]
fn files_and_bytes_stop_at_their_limits() {
    let limits = Limits { max_files: 2, ..Limits::default() };
    let files = [("a.yaml", "- $ref: b.yaml\n- $ref: c.yaml\n"), ("b.yaml", "1"), ("c.yaml", "2")];
    assert_snapshot!(check_within(&limits, &files), @"
    #/0 → b.yaml#
    error[reference/too-many-files]: `c.yaml` was not read: the document refers to too many files
     --> a.yaml:2:9
      |
    2 | - $ref: c.yaml
      |         ^^^^^^
      = help: refer to fewer files, or raise `max_files`
    ");
    let limits = Limits { max_total_bytes: 40, ..Limits::default() };
    let files = [
        ("a.yaml", "- $ref: b.yaml\n"),
        ("b.yaml", "a text of more than 40 bytes with the other\n"),
    ];
    assert_snapshot!(check_within(&limits, &files), @"
    error[reference/unreadable-file]: with `b.yaml` all files together are larger than 40 bytes
     --> a.yaml:1:9
      |
    1 | - $ref: b.yaml
      |         ^^^^^^
      = help: refer to fewer files, or raise `max_total_bytes`
    ");
}

#[test]
fn pointers_through_very_many_references_stop_at_the_limit() {
    let mut text = String::new();
    for n in 0..200 {
        text += &format!("a{n}: {{ $ref: '#/a{}/x' }}\n", n + 1);
    }
    text += "a200: { x: { x: 1 } }\n";
    let limits = Limits { max_reference_depth: 10, ..Limits::default() };
    let all = read(&[("a.yaml", &text)], &limits);
    let root = all.tree.root(all.references.document().unwrap()).unwrap();
    let error = all.references.follow(root.get("a0").unwrap()).unwrap_err();
    assert_eq!(error.message, "the way to the target passes through more than 10 references");
}

#[test]
fn a_chain_of_very_many_references_costs_each_of_them_once() {
    let mut text = String::new();
    for n in 0..50_000 {
        text += &format!("a{n}: {{ $ref: '#/a{}' }}\n", n + 1);
    }
    text += "a50000: end\n";
    let all = read(&[("a.yaml", &text)], &Limits::default());
    let root = all.tree.root(all.references.document().unwrap()).unwrap();
    for (_, node) in root.entries() {
        assert_eq!(all.references.follow(node).unwrap().as_str(), Some("end"));
    }
}
