//! `codegen check`: what it says, in each format, and what flags change.

// A test stops where something is not as it must be.
#![allow(clippy::unwrap_used, clippy::panic)]

mod support;

use insta::assert_snapshot;
use support::{Folder, GOOD, with_error, with_warning};

#[test]
fn a_finding_is_shown_with_its_line_and_what_to_do() {
    let folder = Folder::new("human", &[("asyncapi.yaml", &with_error())]);
    let run = folder.run("check");
    assert_eq!((run.status, run.stdout.as_str()), (1, ""));
    assert_snapshot!(run.stderr, @r"
    error[reference/unresolved]: `#/components/schemas/Tik` leads nowhere: there is no `Tik` in `#/components/schemas`
     --> asyncapi.yaml:6:64
      |
    6 |     messages: { tick: { payload: { $ref: '#/components/schemas/Tik' } } }
      |                                                                ^^^ there is only `Tick`
      = help: write `#/components/schemas/Tick`
    asyncapi.yaml: 1 error
    ");
}

#[test]
fn a_rule_can_be_left_out_or_made_an_error() {
    let folder = Folder::new("judged", &[("asyncapi.yaml", &with_warning())]);
    let plain = folder.run("check");
    assert_eq!(plain.status, 0);
    assert!(plain.stderr.contains("warning[component/unused]"), "{}", plain.stderr);
    assert_eq!(folder.run("check --deny-warnings").status, 1);
    let denied = folder.run("check --deny component/unused");
    assert_eq!(denied.status, 1);
    assert!(denied.stderr.contains("error[component/unused]"), "{}", denied.stderr);
    let allowed = folder.run("check --deny-warnings --allow component/unused");
    assert_eq!(allowed.status, 0);
    assert_eq!(allowed.stderr, "asyncapi.yaml: AsyncAPI 3.0.0, nothing to complain about\n");
}

#[test]
fn an_error_cannot_be_left_out() {
    let folder = Folder::new("allowed", &[("asyncapi.yaml", &with_error())]);
    assert_eq!(folder.run("check --allow reference/unresolved").status, 1);
}

#[test]
fn taste_is_asked_for_all_at_once_or_by_the_rule() {
    let folder = Folder::new("pedantic", &[("asyncapi.yaml", GOOD)]);
    let all = folder.run("check --pedantic");
    assert_eq!(all.status, 0);
    assert!(all.stderr.contains("pedantic[documentation/missing-example]"), "{}", all.stderr);
    assert!(all.stderr.contains("pedantic[documentation/missing-description]"));
    let one = folder.run("check --deny documentation/missing-example");
    assert_eq!(one.status, 1);
    assert!(one.stderr.contains("error[documentation/missing-example]"), "{}", one.stderr);
    assert!(!one.stderr.contains("documentation/missing-description"));
}

#[test]
fn a_rule_that_does_not_exist_is_wrong_usage() {
    let folder = Folder::new("unknown-rule", &[("asyncapi.yaml", GOOD)]);
    for flag in ["allow", "deny", "explain"] {
        let run = folder.run(&format!("check --{flag} component/unsued"));
        assert_eq!(run.status, 2);
        assert!(run.stderr.contains("did you mean `component/unused`?"), "{}", run.stderr);
    }
}

#[test]
fn the_page_of_a_rule_needs_no_document() {
    let run = Folder::new("explain", &[]).run("check --explain reference/unresolved");
    assert_eq!((run.status, run.stderr.as_str()), (0, ""));
    assert!(run.stdout.starts_with("# reference/unresolved (error)\n\nA `$ref` names something"));
}

#[test]
fn json_has_every_finding_with_its_place() {
    let folder = Folder::new("json", &[("asyncapi.yaml", &with_error())]);
    let run = folder.run("check --format json");
    assert_eq!((run.status, run.stderr.as_str()), (1, ""));
    assert_snapshot!(run.stdout, @r##"
    {
      "document": "asyncapi.yaml",
      "errors": 1,
      "warnings": 0,
      "pedantic": 0,
      "findings": [
        {
          "rule": "reference/unresolved",
          "severity": "error",
          "file": "asyncapi.yaml",
          "line": 6,
          "column": 64,
          "endLine": 6,
          "endColumn": 67,
          "message": "`#/components/schemas/Tik` leads nowhere: there is no `Tik` in `#/components/schemas`",
          "label": "there is only `Tick`",
          "help": "write `#/components/schemas/Tick`"
        }
      ]
    }
    "##);
}

#[test]
fn json_of_nothing_is_an_empty_list() {
    let run = Folder::new("json-good", &[("asyncapi.yaml", GOOD)]).run("check --format json");
    assert_eq!(run.status, 0);
    let json: serde_json::Value = serde_json::from_str(&run.stdout).unwrap();
    assert_eq!(json["findings"], serde_json::json!([]));
    assert_eq!(json["document"], "asyncapi.yaml");
}

#[test]
fn sarif_is_read_by_who_reads_sarif() {
    let folder = Folder::new(
        "sarif",
        &[(
            "my contract/ü.yaml",
            &with_warning().replace("'#/components", "'./t.yaml#/components"),
        )],
    );
    folder.write("my contract/t.yaml", &with_error());
    std::fs::rename(folder.path().join("my contract"), folder.path().join("my:contract")).unwrap();
    let run = folder.run("check --format sarif --pedantic my:contract/ü.yaml");
    let log: serde_sarif::sarif::Sarif = serde_json::from_str(&run.stdout).unwrap();
    let [only] = &log.runs[..] else { panic!("{} runs", log.runs.len()) };
    let rules = only.tool.driver.rules.as_ref().unwrap();
    let results = only.results.as_ref().unwrap();
    assert!(!results.is_empty());
    for result in results {
        let index = usize::try_from(result.rule_index.unwrap()).unwrap();
        assert_eq!(Some(&rules[index].id), result.rule_id.as_ref());
        let place = &result.locations.as_ref().unwrap()[0].physical_location.as_ref().unwrap();
        let uri = place.artifact_location.as_ref().unwrap().uri.as_ref().unwrap();
        assert!(uri.starts_with("my%3Acontract/"), "{uri}");
        let region = place.region.as_ref().unwrap();
        assert!(region.start_line.unwrap() >= 1 && region.end_column.unwrap() >= 1);
    }
}

#[test]
fn a_control_character_of_the_document_never_reaches_the_terminal() {
    let text = GOOD.replace("title: Ticks", "title: \"\\e[31m\", \"\\e]0;x\\a\": 1");
    let run = Folder::new("control", &[("asyncapi.yaml", &text)]).run("check");
    assert_eq!(run.status, 1);
    assert!(!run.stderr.contains('\x1b'), "{:?}", run.stderr);
}
