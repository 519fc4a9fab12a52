//! How the message of a frame is found: the contract's decision tree as a function.
//!
//! In: a [`Dispatch`]. Out: an expression for `tell` where the runtime has the words for it (`byTag`,
//! `byShape`, `firstOf`), else a function of our own. Receiving is open: a frame that is no known message
//! is told to be none, so what the tree takes for granted ("there is only one message") is looked at here,
//! by its constant or its required properties. A reply that only its request tells apart is left to
//! the request.

use std::collections::HashSet;

use contract::model::{Direction, EndpointId, MessageId, OperationId};
use contract::names::Name;
use contract::schema::{Type, Types};
use contract::wire::{Case, Dispatch, Framing, Step};
use json::Json;

use crate::code::{at, pure_call};
use crate::layout::{Doc, braced, concat, group, indent, list, text};
use crate::messages::{key, marks, tied};
use crate::writer::{entry, function};
use crate::{Cx, code, ident, looks, runtime};

/// The name of a frame in the functions that tell.
const FRAME: &str = "frame";

/// A decision about frames, ready to be written.
#[derive(Clone, Debug, PartialEq)]
pub(crate) enum Tell {
    /// It is no known message.
    Nothing,
    /// It is this one.
    Message(MessageId),
    /// The first whose tests hold.
    Tests(Vec<(MessageId, Vec<Doc>)>),
    /// By the value at a place.
    Value {
        path: Vec<Step>,
        cases: Vec<(Vec<Json<'static>>, Tell)>,
        /// What holds where there is nothing at that place.
        absent: Box<Tell>,
        /// What holds for any other value.
        otherwise: Box<Tell>,
    },
    /// By the JSON type.
    Kind { cases: Vec<(Types, Tell)>, otherwise: Box<Tell> },
}

/// How the frames of an endpoint are told apart.
pub(crate) fn of_endpoint(cx: &Cx<'_>, endpoint: EndpointId) -> Tell {
    let replies = correlated_replies(cx, endpoint);
    let dispatch = cx.contract.wire.dispatch(endpoint, Direction::Send);
    Teller { cx, untold: &replies, is_open: true }.tell(dispatch, Known::Nothing)
}

/// How the alternatives of a reply are told apart once the request is known.
pub(crate) fn of_reply(cx: &Cx<'_>, operation: OperationId) -> Tell {
    let dispatch = cx.contract.wire.reply_dispatch(operation);
    Teller { cx, untold: &HashSet::new(), is_open: false }.tell(dispatch, Known::Nothing)
}

/// The replies that carry the id of their request.
fn correlated_replies(cx: &Cx<'_>, endpoint: EndpointId) -> HashSet<MessageId> {
    cx.contract
        .operations_of(endpoint, Direction::Receive)
        .filter_map(|id| cx.contract.operation(id).reply.as_ref())
        .flat_map(|reply| reply.messages.iter().copied())
        .filter(|id| tied(cx, *id).is_some())
        .collect()
}

/// What was seen of a frame before.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Known {
    /// Nothing.
    Nothing,
    /// Its JSON type.
    Kind,
    /// A value that leads to the messages in question.
    Value,
}

struct Teller<'t, 'c> {
    cx: &'t Cx<'c>,
    /// Messages that are not to be told by their look alone.
    untold: &'t HashSet<MessageId>,
    /// Whether a frame may be none of the messages.
    is_open: bool,
}

impl Teller<'_, '_> {
    fn tell(&self, dispatch: &Dispatch, known: Known) -> Tell {
        match dispatch {
            Dispatch::Nothing => Tell::Nothing,
            Dispatch::Message(id) if known == Known::Value || !self.is_open => Tell::Message(*id),
            Dispatch::Message(id) => self.alone(*id, known),
            Dispatch::Check(ids) => self.tests(ids, known),
            Dispatch::Text { cases, any, json } => self.text(cases, *any, json),
            Dispatch::Type(cases) => {
                let cases =
                    cases.iter().map(|(types, then)| (*types, self.tell(then, Known::Kind)));
                Tell::Kind {
                    cases: cases.filter(|case| !matches!(case.1, Tell::Nothing)).collect(),
                    otherwise: Box::new(Tell::Nothing),
                }
            }
            Dispatch::Value { path, cases, otherwise } => {
                let absent = self.tell(without_place(otherwise, path), known);
                // A value that no message has there is one of a message that is not known; unless there
                // is one that may have any.
                let any = self.may_have_any(path, cases, otherwise);
                Tell::Value {
                    path: path.clone(),
                    cases: cases
                        .iter()
                        .map(|case| (case.values.clone(), self.tell(&case.then, Known::Value)))
                        .collect(),
                    absent: Box::new(absent),
                    otherwise: Box::new(if any {
                        self.tell(otherwise, known)
                    } else {
                        Tell::Nothing
                    }),
                }
            }
        }
    }

    /// A message that is left alone: by its mark, or by its look.
    fn alone(&self, id: MessageId, known: Known) -> Tell {
        match mark(self.cx, id) {
            Some((name, value)) => Tell::Value {
                path: vec![Step::Property(name)],
                cases: vec![(vec![Json::from(value)], Tell::Message(id))],
                absent: Box::new(Tell::Nothing),
                otherwise: Box::new(Tell::Nothing),
            },
            None => self.tests(&[id], known),
        }
    }

    /// Whether a message that is left has the place, and is not limited to the values of the cases.
    fn may_have_any(&self, path: &[Step], cases: &[Case], otherwise: &Dispatch) -> bool {
        let limited: Vec<MessageId> = cases.iter().flat_map(|case| case.then.messages()).collect();
        otherwise
            .messages()
            .into_iter()
            .any(|id| !limited.contains(&id) && looks::may_have(self.cx, id, path))
    }

    fn tests(&self, ids: &[MessageId], known: Known) -> Tell {
        let of_kind = known != Known::Nothing;
        let told = ids.iter().filter(|id| !self.untold.contains(id));
        let mut looks: Vec<(MessageId, looks::Look)> =
            told.map(|id| (*id, looks::like(self.cx, *id, FRAME, of_kind))).collect();
        // The one that asks for most comes first, or one that asks for little would hide it.
        looks.sort_by_key(|look| std::cmp::Reverse(look.1.weight));
        let exact = self.exact(&looks);
        if self.is_open {
            drop_guesses(&mut looks);
        } else {
            drop_common(&mut looks);
        }
        match &looks[..] {
            [] if exact.is_empty() => Tell::Nothing,
            [(id, look)] if look.tests.is_empty() && exact.is_empty() => Tell::Message(*id),
            _ => {
                let looks = looks.into_iter().map(|(id, look)| (id, look.tests));
                Tell::Tests(exact.into_iter().chain(looks).collect())
            }
        }
    }

    /// Where there is a validator and several messages are left: the first whose rules hold is meant. Only
    /// what keeps none of them is told by its look, so that somebody hears what is wrong with it.
    fn exact(&self, looks: &[(MessageId, looks::Look)]) -> Vec<(MessageId, Vec<Doc>)> {
        if looks.len() < 2 {
            return Vec::new();
        }
        let exact = looks.iter().filter_map(|(id, _)| {
            let check = self.cx.checks.received(*id)?;
            let fits = code::call(runtime::of(&runtime::FITS), vec![check, text(FRAME)]);
            Some((*id, vec![fits]))
        });
        exact.collect()
    }

    fn text(&self, cases: &[(String, MessageId)], any: Option<MessageId>, json: &Dispatch) -> Tell {
        let is_text = || vec![text(format!("typeof {FRAME} === \"string\""))];
        let json = self.tell(json, Known::Nothing);
        let otherwise = match any {
            None => json,
            Some(any) => match json {
                Tell::Nothing => Tell::Tests(vec![(any, is_text())]),
                json => Tell::Kind {
                    cases: vec![(Types::only(Type::String), Tell::Message(any))],
                    otherwise: Box::new(json),
                },
            },
        };
        if cases.is_empty() {
            return otherwise;
        }
        let cases = cases
            .iter()
            .map(|(word, id)| (vec![Json::from(word.clone())], Tell::Message(*id)))
            .collect();
        let absent = Box::new(Tell::Nothing);
        Tell::Value { path: Vec::new(), cases, absent, otherwise: Box::new(otherwise) }
    }
}

/// What is left of a decision where a place is known to be empty.
fn without_place<'d>(mut dispatch: &'d Dispatch, place: &[Step]) -> &'d Dispatch {
    while let Dispatch::Value { path, otherwise, .. } = dispatch
        && path == place
    {
        dispatch = otherwise;
    }
    dispatch
}

/// Of messages that look the same the first is meant; where nothing but the JSON type speaks for several,
/// none is.
fn drop_guesses(looks: &mut Vec<(MessageId, looks::Look)>) {
    let all = looks.clone();
    looks.retain(|(id, look)| {
        let mut same = all.iter().filter(|other| other.1.tests == look.tests);
        let is_first = same.next().is_some_and(|first| first.0 == *id);
        is_first && (look.weight > 0 || same.next().is_none())
    });
}

/// What all ask for tells none of them apart.
fn drop_common(looks: &mut [(MessageId, looks::Look)]) {
    let Some((first, others)) = looks.split_first() else { return };
    let is_common = |test: &&Doc| others.iter().all(|other| other.1.tests.contains(test));
    let common: Vec<Doc> = first.1.tests.iter().filter(is_common).cloned().collect();
    if !others.is_empty() {
        for look in looks {
            look.1.tests.retain(|test| !common.contains(test));
        }
    }
}

/// The constant that marks a message: in an envelope the first, in a frame of its own one that says what the
/// message is called. Any other may be a value like others.
fn mark(cx: &Cx<'_>, id: MessageId) -> Option<(String, String)> {
    let is_envelope = matches!(cx.contract.wire.framing(id), Framing::Envelope(_));
    let message = cx.contract.message(id);
    let called = [Some(message.key.as_str()), message.name.as_deref()];
    marks(cx, id).into_iter().find(|(_, value)| {
        let value = Name::new(value);
        is_envelope || called.iter().flatten().any(|name| Name::new(name) == value)
    })
}

impl Tell {
    /// The messages that it can name.
    pub(crate) fn messages(&self) -> HashSet<MessageId> {
        match self {
            Self::Nothing => HashSet::new(),
            Self::Message(id) => HashSet::from([*id]),
            Self::Tests(tests) => tests.iter().map(|test| test.0).collect(),
            Self::Value { cases, absent, otherwise, .. } => {
                let of_cases = cases.iter().flat_map(|case| case.1.messages());
                of_cases.chain(absent.messages()).chain(otherwise.messages()).collect()
            }
            Self::Kind { cases, otherwise } => {
                let of_cases = cases.iter().flat_map(|case| case.1.messages());
                of_cases.chain(otherwise.messages()).collect()
            }
        }
    }

    /// The decision as an expression, or as a function called `name`.
    pub(crate) fn written(&self, cx: &Cx<'_>, name: &str) -> (Doc, Option<Doc>) {
        if let Some(expression) = self.expression(cx) {
            return (expression, None);
        }
        let parameter = text(format!("{FRAME}: unknown"));
        let ty = text("string | undefined");
        let function = function(name, vec![parameter], ty, self.statements(cx));
        (text(name), Some(function))
    }

    fn expression(&self, cx: &Cx<'_>) -> Option<Doc> {
        let mut tells = self.tells(cx)?;
        match tells.len() {
            0 => Some(text("() => undefined")),
            1 => tells.pop(),
            _ => Some(pure_call(runtime::of(&runtime::FIRST_OF), tells)),
        }
    }

    /// The ways to tell that are tried in turn, if the runtime has words for each.
    fn tells(&self, cx: &Cx<'_>) -> Option<Vec<Doc>> {
        match self {
            Self::Nothing => Some(Vec::new()),
            Self::Message(id) => {
                Some(vec![concat([text("() => "), text(ident::string(&key(cx, *id)))])])
            }
            Self::Tests(tests) => {
                let tests = tests.iter().map(|(id, tests)| {
                    let test = if tests.is_empty() {
                        text("() => true")
                    } else {
                        arrow(code::all(tests.clone()))
                    };
                    list("[", vec![text(ident::string(&key(cx, *id))), test], "]")
                });
                let tests = list("[", tests.collect(), "]");
                Some(vec![hugging(runtime::of(&runtime::BY_SHAPE), None, tests)])
            }
            Self::Value { path, cases, absent, otherwise } => {
                let mut tells = vec![by_tag(cx, path, cases)?];
                tells.extend(otherwise.tells(cx)?);
                // What is tried after a tag is tried whatever the tag was.
                let is_chain = matches!(**absent, Self::Nothing) || absent == otherwise;
                is_chain.then_some(tells)
            }
            Self::Kind { .. } => None,
        }
    }

    /// Statements of which one returns.
    fn statements(&self, cx: &Cx<'_>) -> Vec<Doc> {
        match self {
            Self::Nothing => vec![text("return undefined;")],
            Self::Message(id) => {
                vec![text(format!("return {};", ident::string(&key(cx, *id))))]
            }
            Self::Tests(tests) => {
                let mut statements = Vec::new();
                for (id, tests) in tests {
                    let key = ident::string(&key(cx, *id));
                    if tests.is_empty() {
                        statements.push(text(format!("return {key};")));
                        return statements;
                    }
                    statements.push(code::return_if(code::all(tests.clone()), &key));
                }
                statements.push(text("return undefined;"));
                statements
            }
            Self::Value { path, cases, absent, otherwise } => {
                let mut lines = Vec::new();
                for (values, then) in cases {
                    let label = |value| concat([text("case "), ident::literal(value), text(":")]);
                    let Some((last, first)) = values.split_last() else { continue };
                    lines.extend(first.iter().map(label));
                    lines.push(case(label(last), then.statements(cx)));
                }
                if !matches!(**absent, Self::Nothing) && absent != otherwise {
                    lines.push(case(text("case undefined:"), absent.statements(cx)));
                }
                lines.push(case(text("default:"), otherwise.statements(cx)));
                let head = concat([text("switch ("), at(FRAME, path), text(") ")]);
                vec![concat([head, crate::layout::block(lines)])]
            }
            Self::Kind { cases, otherwise } => {
                let mut statements = Vec::new();
                for (types, then) in cases {
                    let test =
                        concat([text("if ("), text(looks::is_of(*types, FRAME)), text(") ")]);
                    statements.push(concat([test, crate::layout::block(then.statements(cx))]));
                }
                statements.extend(otherwise.statements(cx));
                statements
            }
        }
    }
}

/// What a `switch` does at a label.
fn case(label: Doc, statements: Vec<Doc>) -> Doc {
    let statements = statements.into_iter().map(|each| concat([Doc::HardLine, each]));
    concat([label, indent(statements)])
}

/// `(frame) => test`
fn arrow(test: Doc) -> Doc {
    group([text(format!("({FRAME}) =>")), indent([Doc::Line, test])])
}

/// `byTag(path, { value: "message" })`, where every value is a text that leads to a message.
fn by_tag(cx: &Cx<'_>, path: &[Step], cases: &[(Vec<Json<'static>>, Tell)]) -> Option<Doc> {
    let mut entries = Vec::new();
    for (values, then) in cases {
        let Tell::Message(id) = then else { return None };
        for value in values {
            let message = text(ident::string(&key(cx, *id)));
            entries.push(entry(value.as_str()?, message));
        }
    }
    let path = code::path(path);
    Some(hugging(runtime::of(&runtime::BY_TAG), Some(path), braced(entries)))
}

/// A pure call whose last argument breaks instead of the call.
fn hugging(function: Doc, first: Option<Doc>, last: Doc) -> Doc {
    let mut parts = vec![text("/*@__PURE__*/ "), function, text("(")];
    parts.extend(first.into_iter().flat_map(|argument| [argument, text(", ")]));
    parts.extend([last, text(")")]);
    concat(parts)
}
