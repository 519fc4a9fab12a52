//! Documents made to hurt: each ends in one clear finding or in data, on a small stack.

// A test stops where something is not as it must be.
#![allow(clippy::unwrap_used, clippy::panic)]

use std::fmt::Write;

use contract::Limits;
use contract::diagnostic::Diagnostics;
use contract::files::{Disk, Files, Memory, ReadError, read_at_most};
use contract::location::Location;
use contract::notation::{self, Parsed};
use contract::reference::read_all;

/// Runs on a stack that no recursion along the document would fit.
fn on_a_small_stack<T: Send>(run: impl FnOnce() -> T + Send) -> T {
    std::thread::scope(|scope| {
        let thread = std::thread::Builder::new().stack_size(512 << 10);
        thread.spawn_scoped(scope, run).unwrap().join().unwrap()
    })
}

fn parse(name: &str, text: String) -> Parsed {
    on_a_small_stack(|| notation::parse(name, text, &Limits::default()))
}

/// The rules of the findings, and the text of the first one.
fn rules(parsed: Parsed) -> (Vec<&'static str>, String) {
    let rules = parsed.findings.iter().map(|finding| finding.rule.id).collect();
    let diagnostics = Diagnostics::new(parsed.sources, parsed.findings);
    let first = diagnostics.iter().next().map(|finding| diagnostics.render_with_place(finding));
    (rules, first.unwrap_or_default())
}

fn only_finding(name: &str, text: String) -> &'static str {
    let (rules, shown) = rules(parse(name, text));
    assert_eq!(rules.len(), 1, "{rules:?}");
    assert!(shown.len() < 3000, "{shown}");
    rules[0]
}

#[test]
fn ten_thousand_levels_are_one_finding_in_every_notation() {
    const LEVELS: usize = 10_000;
    let mut block = String::new();
    for level in 0..LEVELS {
        writeln!(block, "{:level$}a:", "").unwrap();
    }
    assert_eq!(only_finding("a.yaml", block), "yaml/depth");
    assert_eq!(only_finding("a.yaml", "[".repeat(LEVELS)), "yaml/depth");
    assert_eq!(only_finding("a.yaml", "{a: ".repeat(LEVELS)), "yaml/depth");
    assert_eq!(only_finding("a.yaml", "- ".repeat(LEVELS)), "yaml/depth");
    assert_eq!(only_finding("a.yaml", "? ".repeat(LEVELS)), "yaml/depth");
    assert_eq!(only_finding("a.json", "[".repeat(LEVELS)), "json/depth");
    assert_eq!(only_finding("a.json", "{\"a\":".repeat(LEVELS)), "json/depth");
    let mut aliases = String::from("a0: &a0 [x]\n");
    for level in 1..LEVELS {
        writeln!(aliases, "a{level}: &a{level} [*a{}]", level - 1).unwrap();
    }
    assert_eq!(only_finding("a.yaml", aliases), "yaml/depth");
}

#[test]
fn what_aliases_and_merge_keys_multiply_is_counted_and_not_built() {
    let mut laughs = String::from("a0: &a0 [x]\n");
    let mut merges = String::from("a0: &a0 {k0: x}\n");
    for level in 1..100 {
        let ten = vec![format!("*a{}", level - 1); 10].join(", ");
        writeln!(laughs, "a{level}: &a{level} [{ten}]").unwrap();
        writeln!(merges, "a{level}: &a{level} {{<<: [{ten}], k{level}: [{ten}]}}").unwrap();
    }
    assert_eq!(only_finding("a.yaml", laughs), "yaml/alias-expansion");
    assert_eq!(only_finding("a.yaml", merges), "yaml/alias-expansion");

    // Each merge copies the entries of a large object.
    let mut wide = String::from("wide: &wide\n");
    for key in 0..10_000 {
        writeln!(wide, "  k{key}: x").unwrap();
    }
    for copy in 0..10_000 {
        writeln!(wide, "c{copy}: {{<<: *wide}}").unwrap();
    }
    assert_eq!(only_finding("a.yaml", wide), "yaml/alias-expansion");
}

#[test]
fn a_hundred_thousand_equal_keys_are_told_up_to_the_limit() {
    let (yaml, _) = rules(parse("a.yaml", "a: 1\n".repeat(100_000)));
    assert_eq!(yaml.len(), Limits::default().max_findings_per_file + 1);
    assert_eq!(yaml.last(), Some(&"file/too-many-findings"));
    let entries = vec!["\"a\": 1"; 100_000].join(",");
    let (json, _) = rules(parse("a.json", format!("{{{entries}}}")));
    assert_eq!(json.last(), Some(&"file/too-many-findings"));
}

#[test]
fn wide_documents_are_read() {
    let text: String = (0..100_000).map(|key| format!("k{key}: &a{key} v\n")).collect();
    let parsed = parse("a.yaml", text);
    let root = parsed.tree.root(parsed.file.unwrap()).unwrap();
    assert_eq!(root.get("k99999").unwrap().as_str(), Some("v"));
    let parsed = parse("a.json", format!("[{}1]", "1,".repeat(100_000)));
    let root = parsed.tree.root(parsed.file.unwrap()).unwrap();
    assert_eq!(root.item(100_000).unwrap().pointer(), "#/100000");
}

#[test]
fn more_values_than_the_limit_are_one_finding() {
    let limits = Limits { max_nodes: 1000, ..Limits::default() };
    for name in ["a.yaml", "a.json"] {
        let parsed = notation::parse(name, format!("[{}1]", "1,".repeat(1000)), &limits);
        assert!(parsed.tree.is_empty());
        assert_eq!(rules(parsed).0, ["file/too-many-nodes"]);
    }
}

#[test]
fn one_very_long_line_is_shown_by_its_part() {
    let (_, shown) =
        rules(parse("a.json", format!("[{}x{}]", "1, ".repeat(1 << 20), ", 1".repeat(1 << 20))));
    assert!(
        shown.starts_with("a.json:1:3145730: error[json/syntax]: `x` is not a JSON value\n"),
        "{shown}"
    );
    assert!(shown.len() < 1000);
}

#[test]
fn what_is_never_closed_is_told_however_long_it_is() {
    for text in ["a: \"", "a: '", "a: |\n  x\n  \"", "\"", "'"] {
        let (rules, shown) = rules(parse("a.yaml", format!("{text}{}", "x\n\n ".repeat(200_000))));
        assert!(shown.len() < 3000, "{shown}");
        assert!(rules.len() <= 1);
    }
    for text in ["a: [", "a: {b: ", "- - - ", "*", "!", "!<", "%", "? ", ": ", "<<: "] {
        let (rules, shown) = rules(parse("a.yaml", text.repeat(50_000)));
        assert!(shown.len() < 3000, "{shown}");
        assert!(!rules.is_empty(), "{text}");
    }
}

#[test]
fn line_ends_and_marks_of_other_systems_are_taken() {
    let parsed = parse("a.yaml", "\u{feff}a: 1\r\nb:\r\n  - x\r\n".to_owned());
    let root = parsed.tree.root(parsed.file.unwrap()).unwrap();
    assert_eq!(root.get("b").unwrap().item(0).unwrap().as_str(), Some("x"));
    assert_eq!(parsed.sources.place(root.get("b").unwrap().span()), "a.yaml:3:3");
    let parsed = parse("a.json", "\u{feff}{\r\n}\r\n".to_owned());
    assert!(parsed.findings.is_empty());
}

/// A file that never ends.
struct Endless;

impl Files for Endless {
    fn read(&mut self, _: &Location, max_bytes: usize) -> Result<Vec<u8>, ReadError> {
        read_at_most(std::io::repeat(b'#'), max_bytes)
            .map_err(|error| ReadError::Other(error.to_string()))
    }
}

#[test]
fn a_file_is_read_no_further_than_the_limit() {
    let limits = Limits { max_file_bytes: 1 << 20, ..Limits::default() };
    let all = read_all(&Location::named("a.yaml"), &mut Endless, &limits);
    let findings = all.references.findings();
    assert_eq!(findings[0].rule.id, "file/too-large");

    let folder = std::env::temp_dir().join(format!("contract-hostile-{}", std::process::id()));
    std::fs::create_dir_all(&folder).unwrap();
    let file = std::fs::File::create(folder.join("a.yaml")).unwrap();
    file.set_len(100 << 20).unwrap();
    let mut disk = Disk::new(&folder);
    let all = read_all(&Location::named("a.yaml"), &mut disk, &Limits::default());
    std::fs::remove_dir_all(&folder).unwrap();
    assert_eq!(all.references.findings()[0].rule.id, "file/too-large");
}

#[test]
fn a_document_that_names_very_many_files_makes_the_disk_look_for_few() {
    struct Counting(usize);
    impl Files for Counting {
        fn read(&mut self, location: &Location, max_bytes: usize) -> Result<Vec<u8>, ReadError> {
            self.0 += 1;
            let mut text = String::new();
            for file in 0..10_000 {
                writeln!(text, "- $ref: f{file}.yaml").unwrap();
            }
            let mut files = Memory::new().with("a.yaml", text);
            files.read(location, max_bytes)
        }
    }
    let mut files = Counting(0);
    let limits = Limits::default();
    let all = read_all(&Location::named("a.yaml"), &mut files, &limits);
    assert_eq!(files.0, limits.max_files);
    let root = all.tree.root(all.references.document().unwrap()).unwrap();
    let last = all.references.follow(root.item(9_999).unwrap()).unwrap_err();
    assert_eq!(last.rule.id, "reference/too-many-files");
}

#[test]
fn long_ids_and_very_many_ids_cost_little() {
    let folder = "x/".repeat(1 << 19);
    let mut text = format!("a:\n  $id: 'http://example.com/{folder}'\n  allOf:\n");
    for _ in 0..50_000 {
        text.push_str("  - $ref: b\n");
    }
    let folder = "x/".repeat(400);
    write!(text, "c:\n  $id: 'http://example.com/{folder}'\n  allOf:\n").unwrap();
    for at in 0..50_000 {
        writeln!(text, "  - {{$id: i{at}, not: {{$ref: r{at}}}}}").unwrap();
    }
    let mut files = Memory::new().with("a.yaml", text);
    let all = read_all(&Location::named("a.yaml"), &mut files, &Limits::default());
    let root = all.tree.root(all.references.document().unwrap()).unwrap();
    for (key, rule) in [("a", "reference/unreadable-file"), ("c", "reference/too-many-files")] {
        let last = root.get(key).unwrap().get("allOf").unwrap().items().next_back().unwrap();
        let error = all.references.follow(last.get("not").unwrap_or(last)).unwrap_err();
        assert_eq!(error.rule.id, rule);
        assert!(error.message.len() < 2000);
    }
}

#[test]
fn references_in_circles_of_any_shape_end() {
    let mut text = String::new();
    const LENGTH: usize = 20_000;
    for at in 0..LENGTH {
        // A long circle, pointers that lead through it, and schemas that contain each other.
        writeln!(text, "c{at}: {{$ref: '#/c{}'}}", (at + 1) % LENGTH).unwrap();
        writeln!(text, "p{at}: {{$ref: '#/p{}/x'}}", (at * 7 + 1) % LENGTH).unwrap();
        writeln!(text, "s{at}: {{not: {{$ref: '#/s{}'}}}}", (at + 1) % LENGTH).unwrap();
    }
    let mut files = Memory::new().with("a.yaml", text);
    on_a_small_stack(|| {
        let all = read_all(&Location::named("a.yaml"), &mut files, &Limits::default());
        let root = all.tree.root(all.references.document().unwrap()).unwrap();
        for (key, node) in root.entries() {
            if key.text.starts_with('s') {
                assert!(all.references.follow(node.get("not").unwrap()).is_ok());
            } else {
                assert!(all.references.follow(node).is_err());
            }
        }
    });
}
