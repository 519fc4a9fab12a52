//! From a location to a contract: the pipeline, in order.

use crate::answer;
use crate::check::{self, Checking};
use crate::diagnostic::{Diagnostic, Diagnostics, Severity};
use crate::document::{self, Version};
use crate::draft::{Draft, text};
use crate::endpoints;
use crate::extension;
use crate::files::{Files, Memory};
use crate::grammar::{self, SchemaPlace};
use crate::limits::Limits;
use crate::location::Location;
use crate::model::{Contract, Perspective};
use crate::names;
use crate::reading::Reading;
use crate::reference::{AllFiles, read_all};
use crate::replies;
use crate::schema::{self, Dialect, Implied, shape_all};
use crate::topics;
use crate::tree::NodeRef;
use crate::wire;
use crate::{v2, v3};

/// How a document is read.
#[derive(Clone, Debug, Default)]
pub struct Options {
    /// What reading may cost.
    pub limits: Limits,
    /// Whether a schema's keywords imply a type.
    pub implied: Implied,
    /// Whose operations the document describes.
    pub perspective: Perspective,
    /// Whether rules of taste and completeness are applied, which most readers do not ask for.
    pub pedantic: bool,
    /// Whether generated TypeScript has numbers for integers of 64 bits, which is then worth a warning
    /// where they are not bounded.
    pub int64_as_number: bool,
}

/// What was read, and what was found.
#[derive(Debug)]
pub struct Loaded {
    /// The contract, or what of it could be read.
    pub contract: Result<Contract, Partial>,
    /// Everything that was found; no errors where there is a contract.
    pub diagnostics: Diagnostics,
}

/// What could be read of a document with errors: good for names, and for nothing else.
#[derive(Debug, Default)]
pub struct Partial {
    contract: Option<Box<Contract>>,
}

impl Partial {
    /// The types that the contract would have.
    pub fn type_names(&self) -> Vec<String> {
        let Some(contract) = &self.contract else { return Vec::new() };
        let names = contract.shapes.iter().filter_map(|(id, _)| contract.names.type_of(id));
        let mut names: Vec<String> = names.map(str::to_owned).collect();
        names.sort();
        names
    }

    /// What its endpoints would be called.
    pub fn endpoint_names(&self) -> Vec<String> {
        let contract = self.contract.iter();
        contract
            .flat_map(|contract| {
                contract.endpoint_ids().map(|id| contract.names.endpoint(id).pascal())
            })
            .collect()
    }

    /// What its topics would be called.
    pub fn topic_names(&self) -> Vec<String> {
        let contract = self.contract.iter();
        contract
            .flat_map(|contract| contract.topic_ids().map(|id| contract.names.topic(id).pascal()))
            .collect()
    }
}

/// Reads a document and every file that it refers to.
///
/// ```
/// use contract::{Options, files::Memory, load, location::Location};
///
/// let mut files = Memory::new().with("asyncapi.yaml", "
/// asyncapi: 3.0.0
/// info: { title: Ticks, version: 1.0.0 }
/// channels:
///   ticks:
///     address: /ticks
///     messages:
///       tick: { payload: { type: object, required: [price], properties: { price: { type: number } } } }
/// operations:
///   tick: { action: send, channel: { $ref: '#/channels/ticks' } }
/// ");
/// let loaded = load(&Location::named("asyncapi.yaml"), &mut files, &Options::default());
/// let contract = loaded.contract.expect("the document is right");
/// assert_eq!(contract.endpoints.len(), 1);
/// ```
pub fn load(document: &Location, files: &mut dyn Files, options: &Options) -> Loaded {
    let AllFiles { sources, tree, references } = read_all(document, files, &options.limits);
    let root = references.document().and_then(|file| tree.root(file));
    let Some(root) = root else {
        let diagnostics = Diagnostics::new(sources, references.findings());
        return Loaded { contract: Err(Partial::default()), diagnostics };
    };
    let reading = Reading::new(&sources, &tree, &references, root.span().file);
    let contract =
        document::version(&reading, root).map(|version| read(&reading, root, version, options));
    let mut findings: Vec<Diagnostic> = reading.take_findings();
    findings.extend(references.findings());
    let mut findings = check::silence(&reading, findings);
    if !options.pedantic {
        findings.retain(|finding| finding.severity != Severity::Pedantic);
    }
    let diagnostics = Diagnostics::new(sources, findings);
    let contract = match contract {
        Some(contract) if !diagnostics.has_errors() => Ok(contract),
        contract => Err(Partial { contract: contract.map(Box::new) }),
    };
    Loaded { contract, diagnostics }
}

/// Reads a document that is at hand, under the name that messages show for it.
pub fn parse(name: &str, text: &str, options: &Options) -> Loaded {
    let mut files = Memory::new().with(name, text);
    load(&Location::named(name), &mut files, options)
}

/// Everything between the tree and the contract. Each step takes what the ones before it made.
fn read<'t>(
    reading: &Reading<'t>,
    root: NodeRef<'t>,
    version: Version,
    options: &Options,
) -> Contract {
    let mut draft = Draft::new(reading, options.perspective);
    if version.is_2() {
        v2::read(&mut draft, root);
    } else {
        v3::read(&mut draft, root);
    }
    for place in grammar::check(reading, root, version) {
        match place {
            SchemaPlace::Own(node) => {
                draft.schemas.schema(node, Dialect::AsyncApi);
            }
            SchemaPlace::MultiFormat(node) => {
                v3::any_schema(&mut draft, node);
            }
            SchemaPlace::PayloadOf(message) => {
                v2::payload(&mut draft, message);
            }
        }
    }
    extension::topics::read(&mut draft);
    let mut endpoints = endpoints::endpoints(&mut draft.channels, &draft.servers);
    for endpoint in &mut endpoints {
        extension::endpoint(&mut draft, endpoint);
    }
    let info = draft.info(root);
    let Draft {
        schemas: reader,
        default_content_type,
        servers,
        channels,
        mut operations,
        messages,
        mut topics,
        security,
        components,
        foreign,
        ..
    } = draft;

    replies::tell_errors(&mut operations, &messages);
    let (mut schemas, external_docs) = reader.finish();
    schema::bound_depth(reading, &mut schemas);
    grammar::check_external_docs(reading, root, version, &external_docs);
    topics::complete(reading, &mut topics, &schemas, &operations, &messages);
    let roots = schema_roots(&components, &messages, &channels, &topics);
    let written = schemas.len();
    let (shapes, implied) = shape_all(&mut schemas, roots, &foreign, options.implied);
    let wire = wire::wire(
        reading,
        &wire::Parts {
            endpoints: &endpoints,
            operations: &operations,
            messages: &messages,
            topics: &topics,
            schemas: &schemas,
            shapes: &shapes,
        },
    );
    let payloads = |message: crate::model::MessageId| messages[message.index()].payload;
    let answers = answer::answers(
        reading,
        &answer::Parts {
            endpoints: &endpoints,
            operations: &operations,
            topics: &topics,
            schemas: &schemas,
            shapes: &shapes,
            wire: &wire,
            payloads: &payloads,
        },
    );
    let names = names::names(
        reading,
        &names::Parts {
            endpoints: &endpoints,
            channels: &channels,
            operations: &operations,
            messages: &messages,
            topics: &topics,
            components: &components,
            schemas: &schemas,
            shapes: &shapes,
            wire: &wire,
        },
    );
    let contract = Contract {
        version,
        perspective: options.perspective,
        info,
        id: text(root, "id"),
        default_content_type,
        servers,
        endpoints,
        channels,
        operations,
        messages,
        topics,
        security,
        components,
        schemas,
        shapes,
        wire,
        answers,
        names,
        extensions: crate::draft::extensions(root, &[]),
    };
    check::check(&Checking {
        reading,
        root,
        contract: &contract,
        written,
        implied: &implied,
        pedantic: options.pedantic,
        int64_as_number: options.int64_as_number,
    });
    contract
}

/// The schemas that need a type.
fn schema_roots(
    components: &[(String, crate::schema::SchemaId)],
    messages: &[crate::model::Message],
    channels: &[crate::model::Channel],
    topics: &[crate::model::Topic],
) -> Vec<crate::schema::SchemaId> {
    let mut roots: Vec<_> = components.iter().map(|(_, schema)| *schema).collect();
    for message in messages {
        roots.push(message.payload);
        roots.extend(message.headers);
    }
    for channel in channels {
        roots.extend(channel.parameters.iter().map(|parameter| parameter.schema));
        roots.extend(channel.ws.iter().flat_map(|ws| [ws.query, ws.headers]).flatten());
    }
    for topic in topics {
        roots.extend(topic.parameters.iter().map(|parameter| parameter.schema));
    }
    roots
}
