//! Whether a document has the form that its version of AsyncAPI prescribes.
//!
//! In: the root of a document of a known version. Out: findings, and every place where a schema
//! stands, so that unused ones are read too. The rules are tables: [`object`] has one file for each
//! object of the specification, [`binding`] one for each protocol, in the words of [`table`]; one
//! [`walk`] applies them. It follows every reference that may stand anywhere, so a mistyped one is an
//! error whoever uses it. Schemas are not looked into: `schema/read/` does that.
//!
//! Where the text of the specification, its JSON Schemas and the compatibility kit (which covers 2.0
//! and 2.1) disagree, the kit counts for its versions and the JSON Schemas for the others; what only
//! the text says is a warning there ([`Walk::by_the_text`]).
//!
//! [`Walk::by_the_text`]: walk::Walk::by_the_text

mod address;
mod belonging;
mod binding;
mod identity;
mod object;
mod report;
mod rule;
mod security;
mod table;
#[cfg(test)]
mod tests;
mod walk;

use crate::document::Version;
use crate::reading::Reading;
use crate::tree::NodeRef;

pub(crate) use rule::RULES;
pub(crate) use walk::SchemaPlace;

/// Checks what schemas have under `externalDocs`.
pub(crate) fn check_external_docs<'t>(
    reading: &Reading<'t>,
    root: NodeRef<'t>,
    version: Version,
    nodes: &[NodeRef<'t>],
) {
    let mut walk = walk::Walk::new(reading, root, version);
    nodes.iter().for_each(|node| walk.value(*node, &object::SCHEMA_DOCS));
    walk.follow_references();
    walk.into_schemas();
}

/// Checks a whole document; returns the places where schemas stand.
pub(crate) fn check<'t>(
    reading: &Reading<'t>,
    root: NodeRef<'t>,
    version: Version,
) -> Vec<SchemaPlace<'t>> {
    let mut walk = walk::Walk::new(reading, root, version);
    walk.object(root, &object::DOCUMENT);
    walk.follow_references();
    if version.is_2() {
        address::channels_of_2(&mut walk);
        identity::check(&mut walk);
    }
    walk.into_schemas()
}
