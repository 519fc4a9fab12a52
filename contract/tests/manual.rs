//! The manual pages of the rules keep their word: the wrong example breaks the rule, the right one
//! breaks none.

// A test stops where something is not as it must be.
#![allow(clippy::unwrap_used, clippy::panic)]

use std::collections::BTreeSet;

use contract::files::Memory;
use contract::location::Location;
use contract::reference::read_all;
use contract::tree::NodeRef;
use contract::{Diagnostics, Limits, Options, Rule, Severity, json, reference, rules, text, yaml};

/// Rules whose example would be too large for a page, or is no text at all.
const WITHOUT_EXAMPLE: [&str; 10] = [
    "file/unreadable",
    "file/too-large",
    "file/encoding",
    "file/too-many-nodes",
    "file/too-many-findings",
    "json/depth",
    "yaml/depth",
    "yaml/alias-expansion",
    "reference/too-many-files",
    "schema/depth",
];

#[test]
fn every_rule_has_an_id_of_its_own_in_two_parts_and_a_page() {
    let ids: BTreeSet<&str> = rules().iter().map(|rule| rule.id).collect();
    assert_eq!(ids.len(), rules().len());
    for rule in rules() {
        let (area, name) = rule.id.split_once('/').unwrap();
        for part in [area, name] {
            assert!(
                part.bytes()
                    .all(|byte| byte.is_ascii_lowercase() || byte.is_ascii_digit() || byte == b'-'),
                "{}",
                rule.id
            );
        }
        assert!(rule.page.len() > 100 && rule.page.ends_with('\n'), "{}", rule.id);
        for line in rule.page.lines() {
            assert!(line.chars().count() <= 100, "{}: {line}", rule.id);
        }
    }
}

#[test]
fn the_wrong_example_breaks_the_rule_and_the_right_one_none() {
    for rule in rules() {
        if WITHOUT_EXAMPLE.contains(&rule.id) {
            assert!(!rule.page.contains("```"), "{} has an example", rule.id);
            continue;
        }
        let wrong = diagnose(rule, "Wrong");
        let breaks = |diagnostics: &Diagnostics| diagnostics.iter().any(|it| it.rule.id == rule.id);
        assert!(breaks(&wrong), "{}: wrong does not break it\n{wrong}", rule.id);
        let right = diagnose(rule, "Right");
        let others = right.iter().any(|it| it.severity < Severity::Pedantic);
        assert!(!others && !breaks(&right), "{}: right breaks\n{right}", rule.id);
    }
}

/// What is wrong with the fenced block after `Wrong:` or `Right:`.
fn diagnose(rule: &'static Rule, title: &str) -> Diagnostics {
    let after = rule.page.split_once(&format!("\n{title}:\n\n```"));
    let (_, after) = after.unwrap_or_else(|| panic!("{} has no `{title}:`", rule.id));
    let (notation, after) = after.split_once('\n').unwrap();
    let (text, _) = after.split_once("```").unwrap();
    let name = format!("asyncapi.{notation}");
    let of_text = [text::RULES, json::RULES, yaml::RULES, reference::RULES].concat();
    if of_text.contains(&rule) {
        return diagnose_text(&name, text);
    }
    let text = if text.contains("info:") {
        text.to_owned()
    } else {
        format!("asyncapi: 3.0.0\ninfo: {{ title: Ticks, version: 1.0.0 }}\n{text}")
    };
    let pedantic = rule.severity == Severity::Pedantic;
    contract::parse(&name, &text, &Options { pedantic, ..Options::default() }).diagnostics
}

/// What is wrong with a text and its references, whatever it is about.
fn diagnose_text(name: &str, text: &str) -> Diagnostics {
    let mut files = Memory::new().with(name, text);
    let all = read_all(&Location::named(name), &mut files, &Limits::default());
    let mut findings = Vec::new();
    let root = all.references.document().and_then(|file| all.tree.root(file));
    let mut open: Vec<NodeRef<'_>> = root.into_iter().collect();
    while let Some(node) = open.pop() {
        findings.extend(all.references.follow(node).err().map(|finding| *finding));
        open.extend(node.items().chain(node.entries().map(|(_, value)| value)));
    }
    findings.extend(all.references.findings());
    Diagnostics::new(all.sources, findings)
}
