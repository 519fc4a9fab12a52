//! The contract as clients can fetch it: verbatim, as AsyncAPI 2.4.0 for consumers of the service that
//! came before, and as a page for people.

use std::fmt::Write;

use contract::model::{Contract, Direction, MessageId};

/// The document that this program was generated from.
const DOCUMENT: &str = include_str!("../../asyncapi.yaml");

/// The contract in the forms that are served.
#[derive(Clone, Debug)]
pub struct Documents {
    /// `asyncapi.yaml`, as it was written.
    pub yaml: &'static str,
    /// AsyncAPI 2.4.0.
    pub json: String,
    /// HTML.
    pub page: String,
}

impl Documents {
    /// Prepares all forms. It takes a few milliseconds, once.
    ///
    /// # Errors
    /// What is wrong with the document. It was right when this program was compiled.
    pub fn prepare() -> Result<Self, String> {
        let loaded = contract::parse("asyncapi.yaml", DOCUMENT, &contract::Options::default());
        let contract = loaded.contract.map_err(|_| loaded.diagnostics.to_string())?;
        let json = contract::convert::to_2_4(&contract);
        Ok(Self { yaml: DOCUMENT, json: json.to_string(), page: page(&contract) })
    }
}

/// Operations and messages, plainly.
fn page(contract: &Contract) -> String {
    let title = escape(&contract.info.title);
    let mut html = format!(
        "<!doctype html>\n<html lang=\"en\">\n<meta charset=\"utf-8\">\n\
         <meta name=\"viewport\" content=\"width=device-width\">\n<title>{title}</title>\n\
         <style>{STYLE}</style>\n<h1>{title} <small>{}</small></h1>\n",
        escape(&contract.info.version)
    );
    paragraph(&mut html, contract.info.description.as_deref());
    html.push_str(
        "<p>This contract as <a href=\"asyncapi.json\">AsyncAPI 2.4.0</a>, \
         or <a href=\"asyncapi.yaml\">as it was written</a>.</p>\n",
    );
    for (heading, direction) in [("You send", Direction::Receive), ("You get", Direction::Send)] {
        // Writing to a string does not fail.
        let _ = writeln!(html, "<h2>{heading}</h2>");
        let operations = contract.operations.iter().filter(|each| each.direction == direction);
        for operation in operations {
            for id in &operation.messages {
                let reply = operation.reply.as_ref().map(|reply| &reply.messages[..]);
                message(&mut html, contract, *id, operation.description.as_deref(), reply);
            }
        }
    }
    html
}

fn message(
    html: &mut String,
    contract: &Contract,
    id: MessageId,
    description: Option<&str>,
    reply: Option<&[MessageId]>,
) {
    let message = contract.message(id);
    let name = |id: MessageId| {
        let message = contract.message(id);
        escape(message.name.as_deref().unwrap_or(&message.key))
    };
    let _ = writeln!(html, "<section>\n<h3><code>{}</code></h3>", name(id));
    paragraph(html, message.summary.as_deref());
    paragraph(html, description);
    for answer in reply.unwrap_or_default() {
        let _ = writeln!(html, "<p>Answered by <code>{}</code>.</p>", name(*answer));
    }
    let replies = reply.unwrap_or_default().iter();
    for shown in std::iter::once(&id).chain(replies) {
        for example in &contract.message(*shown).examples {
            if let Some((payload, _)) = &example.payload {
                let _ = writeln!(html, "<pre>{}</pre>", escape(&payload.to_string()));
            }
        }
    }
    html.push_str("</section>\n");
}

fn paragraph(html: &mut String, text: Option<&str>) {
    for paragraph in text.into_iter().flat_map(|text| text.split("\n\n")) {
        let _ = writeln!(html, "<p>{}</p>", escape(paragraph.trim()));
    }
}

fn escape(text: &str) -> String {
    text.replace('&', "&amp;").replace('<', "&lt;").replace('>', "&gt;").replace('"', "&quot;")
}

const STYLE: &str = "body{font:1rem/1.5 system-ui,sans-serif;max-width:50rem;margin:2rem auto;padding:0 1rem}\
    pre{background:#8881;padding:.75rem;overflow:auto;border-radius:.25rem}\
    small{color:#888;font-weight:normal}h3{margin-top:2rem}";
