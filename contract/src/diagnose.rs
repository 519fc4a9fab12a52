//! For tests: what a person reads who checks a document. The only place that names the API to them.

use crate::{Diagnostics, Loaded, Options, Severity};

/// What is wrong with a document of 3.0.0, given its part behind `info`.
pub(crate) fn diagnose(fragment: &str) -> String {
    shown(&diagnostics("3.0.0", fragment, &Options::default()))
}

/// The same of another version.
pub(crate) fn diagnose_as(version: &str, fragment: &str) -> String {
    shown(&diagnostics(version, fragment, &Options::default()))
}

/// The same with the rules of taste and completeness, and nothing but these.
pub(crate) fn diagnose_pedantically(fragment: &str) -> String {
    let options = Options { pedantic: true, ..Options::default() };
    let diagnostics = diagnostics("3.0.0", fragment, &options);
    shown(&diagnostics.judged(|it| (it.severity == Severity::Pedantic).then_some(it.severity)))
}

/// The findings themselves.
pub(crate) fn diagnostics(version: &str, fragment: &str, options: &Options) -> Diagnostics {
    loaded(version, fragment, options).diagnostics
}

fn loaded(version: &str, fragment: &str, options: &Options) -> Loaded {
    let head = format!("asyncapi: {version}\ninfo: {{ title: Test, version: 1.0.0 }}\n");
    crate::parse("a.yaml", &format!("{head}{}", fragment.trim_start_matches('\n')), options)
}

fn shown(diagnostics: &Diagnostics) -> String {
    if diagnostics.is_empty() { "nothing".to_owned() } else { diagnostics.to_string() }
}

/// The contract of a document of 3.0.0, given its part behind `info`.
pub(crate) fn contract(fragment: &str) -> crate::model::Contract {
    contract_as("3.0.0", fragment)
}

/// The same of another version.
pub(crate) fn contract_as(version: &str, fragment: &str) -> crate::model::Contract {
    let loaded = loaded(version, fragment, &Options::default());
    match loaded.contract {
        Ok(contract) => contract,
        Err(_) => panic!("{}", loaded.diagnostics),
    }
}
