//! Generated clients talk to small servers, over real sockets, under Node.

// A test stops where something is not as it must be.
#![allow(clippy::unwrap_used, clippy::panic)]

mod support;

use std::path::Path;
use std::process::Command;

use support::{
    HERE, STRICT, compile, contract, empty_folder, generate, node_modules, shown, write,
};
use ts_gen::Options;

#[test]
fn generated_clients_talk_to_their_servers() {
    let Some(packages) = node_modules() else { return };
    let folder = empty_folder("run");
    for name in [
        "trading",
        "numbers",
        "whole",
        "json-rpc",
        "bare-words",
        "topics",
        "dispatch",
        "int64-ids",
        "batched",
    ] {
        write(&folder, name, &generate(&contract(name), &Options::new()));
    }
    let validated = Options::new().validate(true);
    for name in ["trading", "numbers", "unions", "enums"] {
        write(&folder, &format!("{name}-validated"), &generate(&contract(name), &validated));
    }
    let settings = format!("{STRICT},\n    \"rootDir\": \".\",\n    \"outDir\": \"out\"");
    compile(&folder, &packages.join("typescript"), &settings);
    let run = Command::new("node")
        .args(["--test", "run.test.js"])
        .env("CLIENTS", folder.join("out"))
        .current_dir(Path::new(HERE).join("tests/compile"))
        .output()
        .unwrap();
    assert!(run.status.success(), "{}", shown(&run));
}
