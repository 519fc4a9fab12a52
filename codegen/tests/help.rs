//! What `--help` says, of every command: snapshots, so that a change of an option is seen.
//! `INSTA_UPDATE=always cargo test -p codegen --test help` writes them anew.

mod support;

use support::{Folder, repository};

const COMMANDS: [&str; 5] = ["ts", "rust", "json", "check", "rules"];

#[test]
fn the_help_of_every_command_is_what_it_was() {
    let folder = Folder::new("help", &[]);
    let help = folder.run("--help");
    assert_eq!(help.status, 0);
    insta::assert_snapshot!("codegen", help.stdout);
    for command in COMMANDS {
        let own = folder.run(&format!("{command} --help"));
        assert_eq!(own.status, 0);
        assert!(help.stdout.contains(&format!("\n  {command} ")), "{command} is not listed");
        insta::assert_snapshot!(command, own.stdout);
    }
}

#[test]
fn every_command_is_among_those_whose_help_is_looked_at() {
    let help = Folder::new("commands", &[]).run("--help").stdout;
    let (_, list) = help.split_once("Commands:\n").expect("there are commands");
    let listed = list.lines().take_while(|line| !line.is_empty());
    let mut listed: Vec<&str> = listed.filter_map(|line| line.split_whitespace().next()).collect();
    listed.retain(|command| *command != "help");
    assert_eq!(listed, COMMANDS);
}

#[test]
fn the_examples_in_the_help_work_on_our_own_contract() {
    let ours = |name| std::fs::read_to_string(repository().join(name)).expect("is there");
    let folder = Folder::new("examples", &[("codegen.toml", &ours("codegen.toml"))]);
    folder.write("asyncapi.yaml", &ours("asyncapi.yaml"));
    folder.write("api/asyncapi.yaml", &ours("asyncapi.yaml"));
    let mut examples = 0;
    for command in std::iter::once("").chain(COMMANDS) {
        for line in folder.run(&format!("{command} --help")).stdout.lines() {
            let Some(example) = line.strip_prefix("Example: codegen") else { continue };
            let example = example.split(['>', '(']).next().unwrap_or_default();
            // What is compared was written before.
            folder.run(&example.replace("--check", ""));
            let run = folder.run(example);
            assert_eq!(run.status, 0, "codegen{example}: {}", run.stderr);
            examples += 1;
        }
    }
    assert!(examples > COMMANDS.len());
}
