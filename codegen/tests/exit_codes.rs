//! Exit status of every command: 0 good, 1 findings, 2 could not run.

// A test stops where something is not as it must be.
#![allow(clippy::unwrap_used, clippy::panic)]

mod support;

use support::{Folder, GOOD, repository, with_error, with_warning};

/// The commands that read a document, as they write to files.
const WRITERS: [&str; 3] = ["ts --out api", "rust --out api.rs", "json --out api.json"];

#[test]
fn a_good_document_is_0_from_every_command() {
    let folder = Folder::new("good", &[("asyncapi.yaml", GOOD)]);
    assert_eq!(folder.run("check").status, 0);
    for command in WRITERS {
        let run = folder.run(command);
        assert_eq!((run.status, run.stdout.as_str()), (0, ""), "{command}: {}", run.stderr);
        assert_eq!(folder.run(&format!("{command} --check")).status, 0, "{command}");
    }
}

#[test]
fn without_out_data_goes_to_standard_output_and_nothing_else_does() {
    let folder = Folder::new("stdout", &[("asyncapi.yaml", &with_warning())]);
    for command in ["ts", "rust", "json"] {
        let run = folder.run(command);
        assert_eq!(run.status, 0, "{command}");
        assert!(run.stdout.contains("Tick") && !run.stdout.contains("warning["), "{command}");
        assert!(run.stderr.contains("warning[component/unused]"), "{command}: {}", run.stderr);
    }
}

#[test]
fn an_invalid_document_is_1_from_every_command_and_nothing_is_written() {
    let folder = Folder::new("invalid", &[("asyncapi.yaml", &with_error())]);
    for command in ["check", "ts", "rust", "json"].into_iter().chain(WRITERS) {
        let run = folder.run(command);
        assert_eq!((run.status, run.stdout.as_str()), (1, ""), "{command}");
        assert!(run.stderr.contains("error[reference/unresolved]"), "{command}: {}", run.stderr);
    }
    for name in ["api", "api.rs", "api.json"] {
        assert!(!folder.has(name), "{name} was written");
    }
}

#[test]
fn stale_files_are_1_under_check_with_the_command_that_mends_it() {
    let folder = Folder::new("stale", &[("asyncapi.yaml", GOOD)]);
    for command in WRITERS {
        let missing = folder.run(&format!("{command} --check"));
        assert_eq!(missing.status, 1, "{command}");
        assert!(missing.stderr.contains("missing: api"), "{command}: {}", missing.stderr);
        assert!(missing.stderr.ends_with(&format!("run `codegen {command}`\n")), "{command}");
        folder.run(command);
    }
    folder.write("asyncapi.yaml", &GOOD.replace("price", "cost"));
    for command in WRITERS {
        let stale = folder.run(&format!("{command} --check"));
        assert_eq!(stale.status, 1, "{command}");
        assert!(stale.stderr.contains("stale: api"), "{command}: {}", stale.stderr);
    }
}

#[test]
fn what_cannot_run_is_2_from_every_command() {
    let folder = Folder::new("cannot", &[("sub/asyncapi.yaml", GOOD)]);
    for command in ["check", "ts", "rust", "json"] {
        let run = folder.run(command);
        assert_eq!((run.status, run.stdout.as_str()), (2, ""), "{command}");
        assert!(run.stderr.contains("there is no `asyncapi.yaml`"), "{command}: {}", run.stderr);
        assert_eq!(folder.run(&format!("{command} no.yaml")).status, 2, "{command}");
        assert_eq!(folder.run(&format!("{command} sub")).status, 2, "{command}");
        assert_eq!(folder.run(&format!("{command} --no-such-flag")).status, 2, "{command}");
    }
    folder.write("taken", "a file where a folder is needed");
    for command in ["ts --out taken", "rust --out taken/api.rs", "json --out taken/api.json"] {
        let run = folder.run(&format!("{command} sub/asyncapi.yaml"));
        assert_eq!(run.status, 2, "{command}: {}", run.stderr);
        assert!(run.stderr.contains("cannot write taken"), "{command}: {}", run.stderr);
    }
    assert_eq!(folder.run("no-such-command").status, 2);
    assert_eq!(folder.run("ts --check").status, 2);
}

#[test]
fn the_document_is_found_in_a_folder_above_and_read_from_standard_input() {
    let folder = Folder::new("above", &[("asyncapi.yaml", GOOD), ("a/b/c.txt", "")]);
    let run = folder.run_below("a/b", "check");
    assert_eq!(run.status, 0);
    assert!(run.stderr.starts_with("../../asyncapi.yaml: AsyncAPI 3.0.0"), "{}", run.stderr);
    assert_eq!(folder.run_with("check -", GOOD).status, 0);
    let run = folder.run_with("check -", &with_error());
    assert_eq!(run.status, 1);
    assert!(run.stderr.contains("standard-input.yaml:6:"), "{}", run.stderr);
}

#[test]
fn the_manual_in_the_repository_is_what_the_command_writes() {
    let manual = repository().join("docs/rules.md");
    let run = Folder::new("manual", &[]).run("rules");
    assert_eq!(run.status, 0);
    let written = std::fs::read_to_string(manual).unwrap();
    assert!(written == run.stdout, "run `codegen rules --out docs/rules.md`");
}
