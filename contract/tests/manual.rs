//! The manual pages of the rules keep their word: the wrong example breaks the rule, the right one
//! breaks none.

// A test stops where something is not as it must be.
#![allow(clippy::unwrap_used, clippy::panic)]

use std::collections::BTreeSet;

use contract::files::Memory;
use contract::location::Location;
use contract::reference::read_all;
use contract::tree::NodeRef;
use contract::{Diagnostic, Limits, Rule, json, reference, text, yaml};

/// Rules whose example would be too large for a page, or is no text at all.
const WITHOUT_EXAMPLE: [&str; 9] = [
    "file/unreadable",
    "file/too-large",
    "file/encoding",
    "file/too-many-nodes",
    "file/too-many-findings",
    "json/depth",
    "yaml/depth",
    "yaml/alias-expansion",
    "reference/too-many-files",
];

fn rules() -> Vec<&'static Rule> {
    [text::RULES, json::RULES, yaml::RULES, reference::RULES].concat()
}

#[test]
fn every_rule_has_an_id_of_its_own_in_two_parts_and_a_page() {
    let ids: BTreeSet<&str> = rules().iter().map(|rule| rule.id).collect();
    assert_eq!(ids.len(), rules().len());
    for rule in rules() {
        let (area, name) = rule.id.split_once('/').unwrap();
        for part in [area, name] {
            assert!(
                part.bytes().all(|byte| byte.is_ascii_lowercase() || byte == b'-'),
                "{}",
                rule.id
            );
        }
        assert!(rule.page.len() > 100 && rule.page.ends_with('\n'), "{}", rule.id);
        assert!(rule.page.lines().all(|line| line.chars().count() <= 100), "{}", rule.id);
    }
}

#[test]
fn the_wrong_example_breaks_the_rule_and_the_right_one_none() {
    for rule in rules() {
        if WITHOUT_EXAMPLE.contains(&rule.id) {
            assert!(!rule.page.contains("```"), "{} has an example", rule.id);
            continue;
        }
        let wrong: Vec<&str> =
            findings(&example(rule, "Wrong")).iter().map(|it| it.rule.id).collect();
        assert!(wrong.contains(&rule.id), "{}: wrong breaks {wrong:?}", rule.id);
        let right = findings(&example(rule, "Right"));
        assert!(right.is_empty(), "{}: right breaks {right:?}", rule.id);
    }
}

/// The fenced block after `Wrong:` or `Right:` as the name and the text of a file.
fn example(rule: &Rule, title: &str) -> (String, String) {
    let (_, after) = rule.page.split_once(&format!("\n{title}:\n\n```")).unwrap();
    let (notation, after) = after.split_once('\n').unwrap();
    let (text, _) = after.split_once("```").unwrap();
    (format!("asyncapi.{notation}"), text.to_owned())
}

/// What is wrong with a document and its references.
fn findings((name, text): &(String, String)) -> Vec<Diagnostic> {
    let mut files = Memory::new().with(name, text.as_str());
    let all = read_all(&Location::named(name), &mut files, &Limits::default());
    let mut findings = Vec::new();
    let root = all.references.document().and_then(|file| all.tree.root(file));
    let mut open: Vec<NodeRef<'_>> = root.into_iter().collect();
    while let Some(node) = open.pop() {
        findings.extend(all.references.follow(node).err().map(|finding| *finding));
        open.extend(node.items().chain(node.entries().map(|(_, value)| value)));
    }
    findings.extend(all.references.findings());
    findings
}
