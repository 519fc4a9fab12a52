//! `codegen.toml`: one word regenerates, what is typed wins, and what is wrong is shown with its line.

// A test stops where something is not as it must be.
#![allow(clippy::unwrap_used, clippy::panic)]

mod support;

use insta::assert_snapshot;
use support::{Folder, GOOD, Run, repository, with_error, with_warning};

/// A folder with a contract in `api/` and this configuration.
fn folder(name: &str, config: &str) -> Folder {
    Folder::new(name, &[("api/ticks.yaml", GOOD), ("codegen.toml", config)])
}

/// What is wrong with a configuration.
fn wrong(name: &str, config: &str) -> String {
    let run = folder(name, config).run("");
    assert_eq!((run.status, run.stdout.as_str()), (2, ""), "{}", run.stderr);
    run.stderr
}

#[test]
fn one_word_makes_everything_from_any_folder_of_the_project() {
    let folder = folder(
        "everything",
        "document = 'api/ticks.yaml'\n\
         [check]\n\
         deny-warnings = true\n\
         [rust]\n\
         out = 'src/api.rs'\n\
         derive = ['schemars::JsonSchema', 'PartialOrd']\n\
         [[ts]]\n\
         out = 'web/api'\n\
         heartbeat = 5000\n\
         [[ts]]\n\
         out = 'mobile/api'\n\
         closed = true\n\
         imports = 'none'\n\
         [json]\n\
         asyncapi = '2.4.0'\n\
         out = 'public/asyncapi.json'\n",
    );
    let run = folder.run_below("api", "");
    assert_eq!((run.status, run.stdout.as_str()), (0, ""), "{}", run.stderr);
    assert!(folder.read("src/api.rs").contains("PartialOrd"));
    assert!(folder.read("web/api/index.ts").contains(".js\""));
    assert!(!folder.read("mobile/api/index.ts").contains(".js\""));
    assert!(folder.read("public/asyncapi.json").contains("\"asyncapi\": \"2.4.0\""));
    // The same words as somebody would type.
    let said: Vec<&str> = run.stderr.lines().filter(|line| line.starts_with('>')).collect();
    assert_eq!(said[0], "> codegen check --deny-warnings ../api/ticks.yaml");
    assert_eq!(
        said[3],
        "> codegen ts --out=../mobile/api --closed --imports=none ../api/ticks.yaml"
    );

    assert_eq!(folder.run("--check").status, 0);
    folder.write("src/api.rs", "");
    let stale = folder.run("--check");
    assert_eq!(stale.status, 1);
    assert!(stale.stderr.contains("stale: src/api.rs\nrun `codegen`\n"), "{}", stale.stderr);
}

#[test]
fn a_finding_is_told_once_however_many_commands_read_the_document() {
    let folder = folder(
        "once",
        "document = 'api/ticks.yaml'\n[check]\n[rust]\nout = 'a.rs'\n[json]\nout = 'a.json'\n",
    );
    folder.write("api/ticks.yaml", &with_warning());
    let run = folder.run("");
    assert_eq!(run.status, 0);
    assert_eq!(run.stderr.matches("warning[component/unused]").count(), 1, "{}", run.stderr);
    folder.write("api/ticks.yaml", &with_error());
    let run = folder.run("");
    assert_eq!(run.status, 1);
    assert_eq!(run.stderr.matches("error[reference/unresolved]").count(), 1, "{}", run.stderr);
}

#[test]
fn a_command_takes_its_options_from_the_file_that_is_named_and_from_no_other() {
    let folder = folder("named", "document = 'api/ticks.yaml'\n[json]\nasyncapi = '2.4.0'\n");
    let version = |run: Run| {
        assert_eq!(run.status, 0, "{}", run.stderr);
        run.stdout.lines().nth(1).unwrap().trim().to_owned()
    };
    let plain = folder.run("json api/ticks.yaml");
    assert_eq!(version(plain), "\"asyncapi\": \"3.0.0\",");
    let configured = folder.run("json --config codegen.toml");
    assert_eq!(version(configured), "\"asyncapi\": \"2.4.0\",");
    let typed = folder.run("--config codegen.toml json --asyncapi 3.0.0 api/ticks.yaml");
    assert_eq!(version(typed), "\"asyncapi\": \"3.0.0\",");
    let without_table = folder.run("rust api/ticks.yaml --config codegen.toml");
    assert_eq!(without_table.status, 0, "{}", without_table.stderr);
    let explained = folder.run("check --config codegen.toml --explain yaml/depth");
    assert_eq!(explained.status, 0, "{}", explained.stderr);
}

#[test]
fn the_file_needs_to_be_there_and_to_ask_for_something() {
    let folder = Folder::new("nothing", &[]);
    let run = folder.run("");
    assert_eq!(run.status, 2);
    assert!(run.stderr.contains("there is no `codegen.toml` in"), "{}", run.stderr);
    let run = folder.run("--config no.toml");
    assert_eq!(run.status, 2);
    assert!(run.stderr.contains("cannot read no.toml"), "{}", run.stderr);
    folder.write("codegen.toml", "# later\n");
    assert!(folder.run("").stderr.contains("asks for nothing"));
    folder.write("codegen.toml", "[ts]\n");
    let run = folder.run("");
    assert_eq!(run.status, 2);
    assert!(run.stderr.contains("`[ts]` needs `out`"), "{}", run.stderr);
}

#[test]
fn a_mistyped_key_is_shown_where_it_stands() {
    assert_snapshot!(wrong("mistyped", "docment = 'a.yaml'\n\n[tss]\nout = 'a'\n\n[ts]\nout = 'a'\nimport = 'js'\n"), @r##"
    error[config/invalid]: no command has an option `docment`
     --> codegen.toml:1:1
      |
    1 | docment = 'a.yaml'
      | ^^^^^^^
      = help: did you mean `document`?

    error[config/invalid]: there is no command `tss`
     --> codegen.toml:3:2
      |
    3 | [tss]
      |  ^^^
      = help: did you mean `ts`?

    error[config/invalid]: `codegen ts` has no option `import`
     --> codegen.toml:8:1
      |
    8 | import = 'js'
      | ^^^^^^
      = help: did you mean `imports`?
    codegen: codegen.toml cannot be used
    "##);
}

#[test]
fn a_value_that_the_option_does_not_take_is_shown_where_it_stands() {
    assert_snapshot!(wrong("values", "
[ts]
out = 'a'
imports = 'jss'
closed = 'yes'
heartbeat = 'soon'
[rust]
out = 3.5
derive = 'Eq'
replace = ['#/a']
[check]
allow = ['component/unsued']
explain = 'yaml/depth'
"), @r##"
    error[config/invalid]: `jss` cannot be `imports`: write one of `js`, `ts`, `none`
     --> codegen.toml:4:11
      |
    4 | imports = 'jss'
      |           ^^^^^
      = help: did you mean `js`?

    error[config/invalid]: `closed` is true or false, this is of type string
     --> codegen.toml:5:10
      |
    5 | closed = 'yes'
      |          ^^^^^

    error[config/invalid]: `soon` cannot be `heartbeat`: invalid digit found in string
     --> codegen.toml:6:13
      |
    6 | heartbeat = 'soon'
      |             ^^^^^^

    error[config/invalid]: `out` is a text, this is of type float
     --> codegen.toml:8:7
      |
    8 | out = 3.5
      |       ^^^

    error[config/invalid]: `derive` is a list of texts, this is of type string
     --> codegen.toml:9:10
      |
    9 | derive = 'Eq'
      |          ^^^^

    error[config/invalid]: `#/a` cannot be `replace`: write a JSON pointer, `=` and a path: #/components/schemas/Symbol=crate::Symbol
      --> codegen.toml:10:12
       |
    10 | replace = ['#/a']
       |            ^^^^^

    error[config/invalid]: `component/unsued` cannot be `allow`: there is no such rule; did you mean `component/unused`?
      --> codegen.toml:12:10
       |
    12 | allow = ['component/unsued']
       |          ^^^^^^^^^^^^^^^^^^

    error[config/invalid]: `explain` is for the command line: `codegen check --explain`
      --> codegen.toml:13:1
       |
    13 | explain = 'yaml/depth'
       | ^^^^^^^
    codegen: codegen.toml cannot be used
    "##);
}

#[test]
fn what_is_no_toml_is_shown_where_it_stands() {
    assert_snapshot!(wrong("syntax", "[ts]\nout = api\n"), @r##"
    error[config/invalid]: string values must be quoted, expected literal string
     --> codegen.toml:2:7
      |
    2 | out = api
      |       ^^^
    codegen: codegen.toml cannot be used
    "##);
    assert_snapshot!(wrong("scalar", "ts = 'api'\n"), @r##"
    error[config/invalid]: `ts` is a command: write its options into a table `[ts]`
     --> codegen.toml:1:1
      |
    1 | ts = 'api'
      | ^^
    codegen: codegen.toml cannot be used
    "##);
}

#[test]
fn our_own_files_are_what_our_own_configuration_makes() {
    let folder = Folder::new("own", &[]);
    let config = repository().join("codegen.toml");
    let run = folder.run(&format!("--check --config {} ", config.display()));
    // Its document is found from the working directory, which is not the repository here.
    assert_eq!(run.status, 2, "{}", run.stderr);
    let run = support::in_folder(&repository(), "--check");
    assert_eq!(run.status, 0, "{}", run.stderr);
}
