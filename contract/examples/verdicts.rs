//! What the front end says of many documents: one line of JSON in for each, one line of JSON out.
//!
//! ```text
//! echo '{"name": "a", "text": "asyncapi: 3.0.0"}' | cargo run -p contract --example verdicts
//! echo '{"name": "b", "path": "asyncapi.yaml"}' | cargo run -p contract --example verdicts
//! ```
//!
//! A document is a text by itself, or a path whose references are followed below the working directory.
//! Out come its name and for each severity the rules that it breaks, each with its place and message.

use std::io::{BufRead, Write};
use std::process::ExitCode;

use contract::diagnostic::Place;
use contract::files::Disk;
use contract::location::Location;
use contract::{Diagnostics, Options, Severity};
use json::{Json, Object};

fn main() -> ExitCode {
    match run() {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => {
            eprintln!("verdicts: {error}");
            ExitCode::from(2)
        }
    }
}

fn run() -> Result<(), Box<dyn std::error::Error>> {
    let mut out = std::io::BufWriter::new(std::io::stdout().lock());
    for line in std::io::stdin().lock().lines() {
        let line = line?;
        let request = Json::parse(&line)?;
        let text = |key| request.get(key).and_then(Json::as_str);
        let name = text("name").ok_or("a line needs `name`")?;
        let diagnostics = match (text("text"), text("path")) {
            (Some(document), _) => {
                contract::parse(&format!("{name}.yaml"), document, &Options::default()).diagnostics
            }
            (None, Some(path)) => {
                let mut disk = Disk::new("");
                contract::load(&Location::named(path), &mut disk, &Options::default()).diagnostics
            }
            (None, None) => return Err("a line needs `text` or `path`".into()),
        };
        writeln!(out, "{}", verdict(name, &diagnostics))?;
    }
    Ok(out.flush()?)
}

fn verdict(name: &str, diagnostics: &Diagnostics) -> Json<'static> {
    let of = |severity| {
        let findings = diagnostics.of(severity).map(|finding| {
            let place = match &finding.place {
                Place::Text(span) => diagnostics.sources().place(*span),
                Place::File(name) => name.clone(),
            };
            let mut object = Object::default();
            object.insert("rule".to_owned(), finding.rule.id);
            object.insert("place".to_owned(), place);
            object.insert("message".to_owned(), finding.message.clone());
            Json::Object(object)
        });
        Json::Array(findings.collect())
    };
    let mut object = Object::default();
    object.insert("name".to_owned(), name.to_owned());
    object.insert("errors".to_owned(), of(Severity::Error));
    object.insert("warnings".to_owned(), of(Severity::Warning));
    Json::Object(object)
}
