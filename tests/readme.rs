//! What the README shows is what the example holds, and the example is compiled and run.

use std::fs;

use tests::services::folder;

/// The text of the README's code blocks of a language, in order.
fn blocks(language: &str) -> Vec<String> {
    let readme = fs::read_to_string(folder().join("../README.md")).expect("there is a README");
    let mut blocks = Vec::new();
    let mut block: Option<String> = None;
    for line in readme.lines() {
        match &mut block {
            Some(text) if line == "```" => {
                blocks.push(std::mem::take(text));
                block = None;
            }
            Some(text) => text.push_str(&format!("{line}\n")),
            None if line == format!("```{language}") => block = Some(String::new()),
            None => {}
        }
    }
    blocks
}

fn example(file: &str) -> String {
    fs::read_to_string(folder().join("../examples/chat").join(file)).expect("the example has it")
}

#[test]
fn the_readme_shows_the_contract_of_the_example() {
    assert_eq!(blocks("yaml")[0], example("asyncapi.yaml"));
}

#[test]
fn the_readme_shows_the_server_of_the_example() {
    let server = example("src/main.rs");
    let (_, code) = server.split_once("\n\n").expect("the file begins with its description");
    assert_eq!(blocks("rust")[0], code);
}

#[test]
fn the_readme_shows_the_clients_of_the_example() {
    assert_eq!(blocks("ts")[0], example("client.ts"));
    let client = example("examples/talk.rs");
    let (_, code) = client.split_once("\n\n").expect("the file begins with its description");
    assert_eq!(blocks("rust")[1], code);
}
