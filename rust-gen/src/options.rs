//! What can be chosen about generated Rust; shared by the macro, the build script and the CLI.

/// Options of [`generate`](crate::generate).
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Options {
    pub(crate) module: Option<String>,
    pub(crate) derives: Vec<String>,
    pub(crate) replacements: Vec<(String, String)>,
    pub(crate) formats: Vec<(String, String)>,
    pub(crate) visibility: Visibility,
    pub(crate) runtime: Option<String>,
    pub(crate) side: Side,
    pub(crate) closed: bool,
}

/// Who sees the generated items.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub enum Visibility {
    /// `pub`
    #[default]
    Public,
    /// `pub(crate)`
    Crate,
}

/// Which side of the wire the generated code is for.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Side {
    /// A server: a handler trait and a router. What it receives is checked completely.
    #[default]
    Server,
    /// A client: a connection that stays. It lives in an open world: what a newer server sends beyond
    /// the contract is kept and delivered. See [`Options::closed`].
    Client,
    /// Both, in a module `server` and a module `client`.
    Both,
}

impl Options {
    /// The defaults: a server, whose items stand where the macro is called, and are public.
    pub fn new() -> Self {
        Self::default()
    }

    /// The module that everything is put into.
    pub fn module_name(&self) -> Option<&str> {
        self.module.as_deref()
    }

    /// Puts everything into a module of this name.
    #[must_use]
    pub fn module(mut self, name: impl Into<String>) -> Self {
        self.module = Some(name.into());
        self
    }

    /// Derives one more trait for every payload type: a path such as `Eq` or `schemars::JsonSchema`. The
    /// types do not compile if one of them cannot have it.
    #[must_use]
    pub fn derive(mut self, path: impl Into<String>) -> Self {
        self.derives.push(path.into());
        self
    }

    /// Uses a type of yours for a schema: a JSON pointer (`#/components/schemas/Symbol`) and a path
    /// (`crate::Symbol`). The type implements `serde`'s `Serialize` and `Deserialize`, `Clone`,
    /// `Debug` and `PartialEq`; the schema's rules are checked before it sees a value.
    #[must_use]
    pub fn replace(mut self, pointer: impl Into<String>, path: impl Into<String>) -> Self {
        self.replacements.push((pointer.into(), path.into()));
        self
    }

    /// Uses a type of yours for every text of a format: its name (`date-time`) and a path
    /// (`chrono::DateTime<chrono::Utc>`). The type is as for [`replace`](Self::replace); what it writes
    /// may differ from what it read (`…00Z` for `…00.000Z`), which the default does not.
    #[must_use]
    pub fn format(mut self, format: impl Into<String>, path: impl Into<String>) -> Self {
        self.formats.push((format.into(), path.into()));
        self
    }

    /// Who sees the items.
    #[must_use]
    pub fn visibility(mut self, visibility: Visibility) -> Self {
        self.visibility = visibility;
        self
    }

    /// Where the runtime crate is, if it is not `::asyncapi_ws`: for crates that re-export it.
    #[must_use]
    pub fn runtime(mut self, path: impl Into<String>) -> Self {
        self.runtime = Some(path.into());
        self
    }

    /// Which side of the wire the code is for. A server unless said.
    #[must_use]
    pub fn side(mut self, side: Side) -> Self {
        self.side = side;
        self
    }

    /// Makes a client as strict as a server about what it receives: no `Unknown` variants, no `extra`
    /// fields, and what breaks the contract is an error.
    #[must_use]
    pub fn closed(mut self, closed: bool) -> Self {
        self.closed = closed;
        self
    }
}
