//! A program for each mistake, and the exact text that its author reads.
//!
//! `INSTA_UPDATE=always cargo test -p ui` writes the texts again, to be read and committed.

// A test stops where something is not as it must be.
#![allow(clippy::unwrap_used, clippy::panic)]

use std::path::Path;

use ui::{Project, stems};

#[test]
fn mistakes_are_named_with_their_place_and_nothing_else_is_said() {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("fail");
    let project = Project::new(env!("CARGO_TARGET_TMPDIR"), "mistakes", "");
    project.copy(&folder.join("contracts"), "contracts");
    let programs = stems(&folder, "rs");
    for (name, path) in &programs {
        project.write(&format!("src/bin/{name}.rs"), &std::fs::read_to_string(path).unwrap());
    }
    let checked = project.check();
    let mut settings = insta::Settings::clone_current();
    settings.set_snapshot_path(&folder);
    settings.set_prepend_module_to_snapshot(false);
    settings.set_omit_expression(true);
    settings.bind(|| {
        for name in programs.keys() {
            let said = checked.messages.get(name).map_or("nothing", String::as_str);
            insta::assert_snapshot!(name.as_str(), said);
        }
    });
}

#[test]
fn a_client_without_the_feature_for_it_says_which_feature() {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("fail/contracts");
    let project = Project::new(env!("CARGO_TARGET_TMPDIR"), "no-client", "");
    project.copy(&folder, "contracts");
    project
        .write("src/lib.rs", "asyncapi_ws::contract!(\"contracts/good.yaml\", side = client);\n");
    let said = &project.check().messages["no_client"];
    let first = said.lines().next().unwrap();
    assert_eq!(
        first,
        "error: a generated client needs the feature `client` of `asyncapi-ws`: add it in Cargo.toml"
    );
}
