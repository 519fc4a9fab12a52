//! The manual of the rules: one page, or all of them in one file.

use contract::{Rule, Severity};

use crate::config;

/// The rules of documents, and those of the command's own configuration.
pub(crate) fn rules() -> Vec<&'static Rule> {
    let mut rules = contract::rules();
    rules.push(&config::INVALID);
    rules.sort_by_key(|rule| rule.id);
    rules
}

/// The page of one rule.
pub(crate) fn page(rule: &Rule) -> String {
    format!("# {} ({})\n\n{}", rule.id, rule.severity, rule.page)
}

/// Every page, in the order of the ids, behind a list of them.
pub(crate) fn all() -> String {
    let rules = rules();
    let mut text = String::from(INTRODUCTION);
    text.push_str("| rule | severity |\n| --- | --- |\n");
    for rule in &rules {
        text.push_str(&format!("| [`{0}`](#{1}) | {2} |\n", rule.id, anchor(rule), rule.severity));
    }
    for rule in &rules {
        text.push_str(&format!("\n## {}\n\n*{}*\n\n{}", rule.id, says(rule.severity), rule.page));
    }
    text
}

const INTRODUCTION: &str = "\
<!-- Made by `codegen rules --out docs/rules.md`. The pages stand beside the rules in `contract/src/`. -->

# Rules

What `codegen check` may find in a document, and any command in its configuration. `codegen check --explain RULE` prints one page of these.

- **error**: nothing is generated. No flag and no `x-lint-ignore` silences an error.
- **warning**: something is generated, but probably not what was meant. `--deny-warnings` fails on all of them,
  `--deny RULE` on one, `--allow RULE` does not mention one.
- **pedantic**: taste and completeness; with `--pedantic`, or `--deny RULE`, only.

`x-lint-ignore: [RULE, …]` in the document silences warnings for the object that has it and everything inside
of it; at the root, for the whole file. A rule may be graver or milder than its page says where versions of
AsyncAPI, or its tools, differ; the finding itself says how grave it is.

";

/// The fragment that a heading of this rule has where Markdown is shown: letters, digits and hyphens.
fn anchor(rule: &Rule) -> String {
    rule.id.replace('/', "")
}

fn says(severity: Severity) -> &'static str {
    match severity {
        Severity::Error => "Error.",
        Severity::Warning => "Warning.",
        Severity::Pedantic => "Pedantic.",
    }
}
