//! The generated client of each small contract, one hazard each, and of the trading contract.

// A test stops where something is not as it must be.
#![allow(clippy::unwrap_used)]

mod support;

use support::{client, contract, contracts, generate, validator};
use ts_gen::{Decimal, ImportExtension, Int64, Options};

#[test]
fn every_contract_gives_the_client_that_was_reviewed() {
    for (name, path) in contracts() {
        let text = client(&name, &Options::new());
        insta::with_settings!({
            description => path.file_name().unwrap().to_str().unwrap(),
            omit_expression => true,
            prepend_module_to_snapshot => false,
        }, {
            insta::assert_snapshot!(name, text);
        });
    }
}

#[test]
fn every_contract_gives_the_validator_that_was_reviewed() {
    for (name, path) in contracts() {
        let Some(text) = validator(&name, &Options::new()) else { continue };
        insta::with_settings!({
            description => path.file_name().unwrap().to_str().unwrap(),
            omit_expression => true,
            prepend_module_to_snapshot => false,
            snapshot_path => "snapshots/validate",
        }, {
            insta::assert_snapshot!(name, text);
        });
    }
}

#[test]
fn the_same_contract_gives_the_same_text_every_time() {
    for (name, _) in contracts() {
        assert_eq!(client(&name, &Options::new()), client(&name, &Options::new()));
        assert_eq!(validator(&name, &Options::new()), validator(&name, &Options::new()));
    }
}

#[test]
fn closed_types_hold_what_the_contract_lists_and_nothing_else() {
    let closed = client("enums", &Options::new().closed(true));
    assert!(!closed.contains("& {})"), "{closed}");
    assert!(closed.contains("state: State;"));
    assert!(closed.contains("rank?: 1 | 2;"));
    assert!(client("enums", &Options::new()).contains("rank?: 1 | 2 | (number & {});"));
}

#[test]
fn numbers_may_be_numbers_where_digits_do_not_matter() {
    let options = Options::new().int64(Int64::Number).decimal(Decimal::Number);
    let text = client("numbers", &options);
    assert!(!text.contains("bigint") && !text.contains("Decimal") && !text.contains("lossless"));
    assert!(text.contains("codec: jsonText"));
    let integers = client("numbers", &Options::new().decimal(Decimal::Number));
    assert!(integers.contains("orderId: bigint") && !integers.contains("decimal"));
}

#[test]
fn imports_end_as_the_options_say_in_every_file() {
    for (extension, end) in [(ImportExtension::Ts, ".ts\";"), (ImportExtension::None, "\";")] {
        let options = Options::new().import_extension(extension);
        let files = generate(&contract("trading"), &options.validate(true));
        assert!(files.len() > 40);
        for file in &files {
            let imports = file.text.lines().filter(|line| line.contains("from \"."));
            for line in imports {
                assert!(line.ends_with(end) && !line.contains(".js\""), "{}: {line}", file.path);
            }
        }
    }
}

#[test]
fn a_server_may_ask_for_another_heartbeat_or_for_none() {
    let heartbeat = |milliseconds| client("trading", &Options::new().heartbeat(milliseconds));
    assert!(heartbeat(Some(5_000)).contains("\n  heartbeat: 5000,"));
    assert!(!heartbeat(None).contains("heartbeat: 3"));
}

#[test]
fn message_pack_is_there_for_who_asks_for_it() {
    let paths = |options: &Options| {
        let files = generate(&contract("trading"), options);
        files.into_iter().map(|file| file.path).collect::<Vec<String>>()
    };
    let asked = Options::new().msgpack(true);
    let text = client("trading", &asked);
    assert!(
        text.contains("{ name: \"trading.v1.msgpack\", codec: msgpack, closes: \"declared\" }")
    );
    assert!(text.contains("import { msgpack } from \"./runtime/msgpack.js\";"));
    assert!(paths(&asked).iter().any(|path| path == "runtime/msgpack.ts"));
    assert!(!client("trading", &Options::new()).contains("msgpack"));
    assert!(!paths(&Options::new()).iter().any(|path| path == "runtime/msgpack.ts"));
    // No subprotocol of this contract speaks it.
    assert_eq!(client("chat", &asked), client("chat", &Options::new()));
}

#[test]
fn the_runtime_is_emitted_where_something_of_it_is_used() {
    let paths = |name| {
        let files = generate(&contract(name), &Options::new());
        files.into_iter().map(|file| file.path).collect::<Vec<String>>()
    };
    assert_eq!(paths("types-only"), ["index.ts"]);
    assert_eq!(paths("nothing"), ["index.ts"]);
    let trading = paths("trading");
    assert_eq!(trading[0], "index.ts");
    assert!(trading[1..].iter().all(|path| path.starts_with("runtime/") && path.ends_with(".ts")));
    assert!(trading.iter().any(|path| path == "runtime/index.ts"));
}

#[test]
fn no_line_is_longer_than_it_must_be() {
    for (name, _) in contracts() {
        for line in client(&name, &Options::new()).lines() {
            // A regular expression, a text or a line of code in a comment cannot be broken.
            let whole = line.contains("exec(") || line.contains("very long line");
            assert!(line.chars().count() <= 100 || whole, "{name}: {line}");
        }
    }
}
