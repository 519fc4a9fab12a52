//! `codegen rust` writes what a build script writes, and so what the macro puts in its place.

mod support;

use asyncapi_ws_build::{Builder, Side, configure};
use support::{Folder, repository};

fn assert_same(name: &str, options: &str, builder: Builder) {
    let contract = std::fs::read_to_string(repository().join("asyncapi.yaml")).expect("is there");
    let folder = Folder::new(name, &[("asyncapi.yaml", &contract)]);
    let written = folder.run(&format!("rust {options}"));
    assert_eq!(written.status, 0, "{}", written.stderr);
    let file = std::env::temp_dir().join(format!("asyncapi-ws-{}-{name}.rs", std::process::id()));
    builder.out(&file).compile(repository().join("asyncapi.yaml")).expect("is generated");
    let text = std::fs::read_to_string(&file).expect("was written");
    std::fs::remove_file(&file).expect("was there");
    assert_eq!(written.stdout, text);
}

#[test]
fn codegen_rust_writes_the_file_of_a_build_script() {
    assert_same("plain", "", configure());
}

#[test]
fn every_option_does_the_same_on_the_command_line_and_in_a_build_script() {
    assert_same(
        "chosen",
        "--module api --side both --closed --no-implied-types --derive schemars::JsonSchema \
         --replace #/components/schemas/Bar=crate::Bar --format date-time=chrono::DateTime<chrono::Utc> \
         --crate-visible",
        configure()
            .module("api")
            .side(Side::Both)
            .closed()
            .implied_types(false)
            .derive("schemars::JsonSchema")
            .replace("#/components/schemas/Bar", "crate::Bar")
            .format("date-time", "chrono::DateTime<chrono::Utc>")
            .crate_visible(),
    );
}
