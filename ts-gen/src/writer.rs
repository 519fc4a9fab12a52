//! A TypeScript file: items are put into it, imports follow from what they name.
//!
//! In: items as [`Doc`]s. Out: text. Knows what the runtime is called from here, and gives an item of it
//! another name where the contract has a type of that name.

use std::collections::{BTreeMap, HashSet};

use crate::description;
use crate::ident;
use crate::layout::{self, Doc, concat, render, text};
use crate::options::ImportExtension;
use crate::runtime::{Kind, Module, Symbol};

/// A file in the making. Items are laid out as they come, so that only their text is kept.
pub(crate) struct TsFile {
    items: Vec<String>,
    /// What was named of other files, in the order of imports.
    used: BTreeMap<(Module, SortKey), Used>,
    /// Names of the file's own types and classes.
    taken: HashSet<String>,
    /// How imports end.
    extension: ImportExtension,
}

/// Something of another file.
enum Used {
    Symbol(&'static Symbol),
    Check(String),
}

impl TsFile {
    /// An empty file; its own types have the names in `taken`.
    pub(crate) fn new(extension: ImportExtension, taken: HashSet<String>) -> Self {
        Self { items: Vec::new(), used: BTreeMap::new(), taken, extension }
    }

    /// An item, with a blank line before it.
    pub(crate) fn item(&mut self, item: Doc) {
        let mut pending = vec![&item];
        while let Some(doc) = pending.pop() {
            match doc {
                Doc::Symbol(symbol) => {
                    let key = (symbol.module, sort_key(&self.local(symbol)));
                    self.used.insert(key, Used::Symbol(symbol));
                }
                Doc::Check(name) => {
                    let key = (Module::Validator, sort_key(name));
                    self.used.insert(key, Used::Check(name.clone()));
                }
                Doc::Concat(docs) => pending.extend(docs),
                Doc::Group { content, .. } | Doc::Indent(content) => pending.push(content),
                _ => {}
            }
        }
        self.items.push(self.rendered(&item));
    }

    fn rendered(&self, doc: &Doc) -> String {
        render(doc, &|symbol| self.local(symbol))
    }

    /// Whether anything of the runtime is named.
    pub(crate) fn needs_runtime(&self) -> bool {
        !self.used.is_empty()
    }

    /// Whether an item of the runtime is named.
    pub(crate) fn uses(&self, symbol: &'static Symbol) -> bool {
        self.used.values().any(|used| matches!(used, Used::Symbol(used) if *used == symbol))
    }

    /// The text: header, imports, what is handed on to users, items.
    pub(crate) fn finish(self, header: &str, handed_on: &[(Kind, &str)]) -> String {
        let mut head = vec![description::remark(header)];
        head.extend(self.imports());
        head.extend(self.exports(handed_on));
        if head.len() == 1 && self.items.is_empty() {
            head.push(text("export {};"));
        }
        let mut parts: Vec<String> = head.iter().map(|part| self.rendered(part)).collect();
        parts.extend(self.items);
        parts.join("\n\n") + "\n"
    }

    /// What an item of the runtime is called in this file.
    fn local(&self, symbol: &'static Symbol) -> String {
        let mut name = symbol.name.to_owned();
        while self.taken.contains(&name) {
            name = format!("Runtime{name}");
        }
        name
    }

    fn imports(&self) -> Option<Doc> {
        let mut imports = Vec::new();
        for module in [Module::Check, Module::Client, Module::MessagePack, Module::Validator] {
            let used = self.used.iter().filter(|(key, _)| key.0 == module).map(|(_, used)| used);
            let used: Vec<&Used> = used.collect();
            let types_only = used.iter().all(|used| used.kind() == Kind::Type);
            let names = used.iter().map(|used| match used {
                Used::Symbol(symbol) => {
                    let local = self.local(symbol);
                    let local = if local == symbol.name { None } else { Some(local) };
                    specifier(symbol.kind, symbol.name, local.as_deref(), types_only)
                }
                Used::Check(name) => text(name.clone()),
            });
            let names: Vec<Doc> = names.collect();
            if !names.is_empty() {
                imports.push(self.from("import", module, types_only, names));
            }
        }
        (!imports.is_empty()).then(|| layout::lines(imports))
    }

    fn exports(&self, handed_on: &[(Kind, &str)]) -> Option<Doc> {
        let mut all: Vec<(Kind, &str)> =
            handed_on.iter().filter(|item| !self.taken.contains(item.1)).copied().collect();
        all.sort_by_key(|item| sort_key(item.1));
        let types_only = all.iter().all(|item| item.0 == Kind::Type);
        let names: Vec<Doc> =
            all.into_iter().map(|(kind, name)| specifier(kind, name, None, types_only)).collect();
        (!names.is_empty()).then(|| self.from("export", Module::Client, types_only, names))
    }

    fn from(&self, what: &str, module: Module, types_only: bool, names: Vec<Doc>) -> Doc {
        let kind = if types_only { " type" } else { "" };
        let place = ident::string(&format!("{}{}", module.path(), self.extension.text()));
        concat([
            text(format!("{what}{kind} ")),
            layout::braced(names),
            text(format!(" from {place};")),
        ])
    }
}

impl Used {
    fn kind(&self) -> Kind {
        match self {
            Self::Symbol(symbol) => symbol.kind,
            Self::Check(_) => Kind::Value,
        }
    }
}

fn specifier(kind: Kind, name: &str, local: Option<&str>, types_only: bool) -> Doc {
    let kind = if kind == Kind::Type && !types_only { "type " } else { "" };
    let local = local.map_or_else(String::new, |local| format!(" as {local}"));
    text(format!("{kind}{name}{local}"))
}

/// What formatters sort names by: their letters, of each the capital one first.
type SortKey = Vec<(char, bool)>;

fn sort_key(name: &str) -> SortKey {
    name.chars().map(|c| (c.to_ascii_lowercase(), c.is_ascii_lowercase())).collect()
}

/// `export` before an item.
pub(crate) fn export(item: Doc) -> Doc {
    concat([text("export "), item])
}

/// `const name: Type = value;`
pub(crate) fn constant(name: &str, ty: Doc, value: Doc) -> Doc {
    concat([text(format!("const {name}: ")), ty, text(" = "), value, text(";")])
}

/// `export function name(parameters): Type { … }`
pub(crate) fn function(name: &str, parameters: Vec<Doc>, ty: Doc, body: Vec<Doc>) -> Doc {
    let signature = layout::signature(&format!("function {name}"), parameters, ty);
    concat([signature, text(" "), layout::block(body)])
}

/// `key: value` of an object literal.
pub(crate) fn entry(key: &str, value: Doc) -> Doc {
    concat([text(format!("{}: ", ident::key(key))), value])
}
