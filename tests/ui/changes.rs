//! A contract is edited: what depends on it is compiled again, and says where it no longer fits.

// A test stops where something is not as it must be.
#![allow(clippy::unwrap_used, clippy::panic)]

use std::path::Path;

use ui::{Checked, Project};

/// The package: two services of the same contract, by the macro and by the build script.
const NAME: &str = "changes";

fn project() -> Project {
    let project = Project::new(
        env!("CARGO_TARGET_TMPDIR"),
        NAME,
        "[build-dependencies]\nasyncapi-ws-build = { path = \"$ROOT/build\" }\n\n[lib]\npath = \"lib.rs\"\n",
    );
    project.copy(&Path::new(env!("CARGO_MANIFEST_DIR")).join("project"), ".");
    project
}

/// What was compiled, of which nothing but the package itself and its build script may be.
fn compiled(checked: &Checked) -> Vec<&str> {
    let mut names: Vec<&str> = checked.compiled.iter().map(String::as_str).collect();
    names.sort_unstable();
    names
}

/// How often the compiler said something of the services: once for each where it is said of both.
fn said(checked: &Checked, text: &str) -> usize {
    assert!(!checked.succeeded);
    checked.messages[NAME].matches(text).count()
}

/// One test, because the steps are of one package, and each compiles what the one before left.
#[test]
fn a_changed_contract_compiles_what_depends_on_it_and_breaks_what_no_longer_fits() {
    let project = project();
    let first = project.check();
    assert!(first.succeeded, "{:?}", first.messages);
    assert!(compiled(&first).contains(&NAME));

    // Nothing changed.
    let second = project.check();
    assert!(second.succeeded);
    assert_eq!(compiled(&second), [""; 0]);

    // A description: the same types, from a document that was read again. The script writes no file that
    // would be the same, the macro has no file.
    project.edit("asyncapi.yaml", "title: Orders", "title: Orders and receipts");
    let described = project.check();
    assert!(described.succeeded, "{:?}", described.messages);
    assert_eq!(compiled(&described), [NAME]);

    // A required property, in a file that the document refers to.
    project.edit("schemas.yaml", "required: [id]", "required: [id, price]");
    project.edit(
        "schemas.yaml",
        "id: { type: integer }",
        "id: { type: integer }\n    price: { type: number }",
    );
    let required = project.check();
    assert_eq!(
        said(&required, "error[E0063]: missing field `price`"),
        2,
        "{:?}",
        required.messages
    );
    project.edit("schemas.yaml", "required: [id, price]", "required: [id]");
    project.edit("schemas.yaml", "\n    price: { type: number }", "");
    assert!(project.check().succeeded);

    // A property has another name.
    project.edit("schemas.yaml", "required: [symbol]", "required: [ticker]");
    project.edit("schemas.yaml", "symbol: { type: string }", "ticker: { type: string }");
    let renamed = project.check();
    assert_eq!(said(&renamed, "error[E0609]: no field `symbol`"), 2, "{:?}", renamed.messages);
    project.edit("schemas.yaml", "required: [ticker]", "required: [symbol]");
    project.edit("schemas.yaml", "ticker: { type: string }", "symbol: { type: string }");

    // An operation is gone.
    let operation = "\n  cancel:\n    action: receive\n    channel: { $ref: '#/channels/feed' }\n    \
                     messages: [{ $ref: '#/channels/feed/messages/cancel' }]";
    project.edit("asyncapi.yaml", operation, "");
    let removed = project.check();
    assert_eq!(
        said(&removed, "error[E0407]: method `cancel` is not a member"),
        2,
        "{:?}",
        removed.messages
    );
    project.edit("asyncapi.yaml", "\noperations:", &format!("\noperations:{operation}"));
    assert!(project.check().succeeded);
}
