//! How long it takes to read a document, and how much memory the process has needed by then:
//!
//! ```text
//! cargo run --release -p contract --example measure -- asyncapi.yaml
//! cargo run --release -p contract --example measure -- --generate yaml 200000
//! ```

use std::fmt::Write;
use std::time::Instant;

use contract::Limits;
use contract::diagnostic::Diagnostics;
use contract::files::{Disk, Files, Memory};
use contract::location::Location;
use contract::reference::read_all;

fn main() {
    let arguments: Vec<String> = std::env::args().skip(1).collect();
    let arguments: Vec<&str> = arguments.iter().map(String::as_str).collect();
    match arguments[..] {
        [file] => measure(&Location::named(file), &mut Disk::new(".")),
        ["--generate", notation, lines] => {
            let lines = lines.parse().unwrap_or(200_000);
            let name = format!("generated.{notation}");
            let text = generated(lines, notation == "json");
            let mut files = Memory::new().with(&name, text);
            measure(&Location::named(&name), &mut files);
        }
        _ => {
            eprintln!("name a file, or write `--generate yaml 200000` or `--generate json 200000`")
        }
    }
}

fn measure(document: &Location, files: &mut dyn Files) {
    let before = peak_kilobytes();
    let start = Instant::now();
    let all = read_all(document, files, &Limits::default());
    let read = start.elapsed();
    let mut followed = 0;
    let mut open: Vec<_> =
        all.references.document().and_then(|file| all.tree.root(file)).into_iter().collect();
    let mut findings = all.references.findings();
    while let Some(node) = open.pop() {
        if node.get("$ref").is_some() {
            followed += 1;
            findings.extend(all.references.follow(node).err().map(|finding| *finding));
        }
        open.extend(node.items().chain(node.entries().map(|(_, value)| value)));
    }
    let both = start.elapsed();
    let bytes: usize = all.sources.files().map(|(_, file)| file.text().len()).sum();
    println!(
        "{} files, {:.1} MB, {} nodes: read in {:.0} ms; {followed} references followed in {:.0} ms",
        all.sources.files().count(),
        bytes as f64 / 1e6,
        all.tree.len(),
        read.as_secs_f64() * 1e3,
        (both - read).as_secs_f64() * 1e3,
    );
    if let (Some(before), Some(after)) = (before, peak_kilobytes()) {
        println!("peak memory {:.1} MB, {:.1} MB before", after as f64 / 1e3, before as f64 / 1e3);
    }
    print!("{}", Diagnostics::new(all.sources, findings));
}

/// The most memory that the process has had so far (Linux only).
fn peak_kilobytes() -> Option<u64> {
    let status = std::fs::read_to_string("/proc/self/status").ok()?;
    let line = status.lines().find_map(|line| line.strip_prefix("VmHWM:"))?;
    line.split_whitespace().next()?.parse().ok()
}

/// A document of schemas as people write them, each of which refers to the one before.
fn generated(lines: usize, json: bool) -> String {
    let mut text = String::new();
    let schemas = lines / 21;
    if json {
        text.push_str("{\n  \"components\": {\n    \"schemas\": {\n");
    } else {
        text.push_str("components:\n  schemas:\n");
    }
    for at in 0..schemas {
        let before = at.saturating_sub(1);
        let comma = if at + 1 < schemas { "," } else { "" };
        let schema = if json { JSON_SCHEMA } else { YAML_SCHEMA };
        let schema = schema.replace("BEFORE", &before.to_string()).replace("AT", &at.to_string());
        let _ = write!(text, "{}{}", schema.trim_end(), if json { comma } else { "" });
        text.push('\n');
    }
    if json {
        text.push_str("    }\n  }\n}\n");
    }
    text
}

const YAML_SCHEMA: &str = r#"    SchemaAT:
      type: object
      description: |
        One bar of a symbol and resolution, number AT.
        Second line with "quotes" and: a colon.
      required: [time, open, high, low, close]
      properties:
        time:
          type: integer
          format: int64
          description: 'Start of the bar in milliseconds, it''s UTC'
        symbol:
          type: string
          pattern: "^[A-Z]{1,5}\\d*$"
          examples: [AAPL, "MSFT", 'GOOGL']
        other:
          $ref: '#/components/schemas/SchemaBEFORE'
        # a comment that says something
        price: { type: number, exclusiveMinimum: 0.5, multipleOf: 1e-2 }
        kind:
          oneOf: [{ const: aAT }, { const: bAT }, { type: 'null' }]
"#;

const JSON_SCHEMA: &str = r##"      "SchemaAT": {
        "type": "object",
        "description": "One bar of a symbol and resolution, number AT.\nSecond line.",
        "required": ["time", "open", "high", "low", "close"],
        "properties": {
          "time": {
            "type": "integer",
            "format": "int64",
            "description": "Start of the bar in milliseconds, it's UTC"
          },
          "symbol": {
            "type": "string",
            "pattern": "^[A-Z]{1,5}\\d*$",
            "examples": ["AAPL", "MSFT", "GOOGL"]
          },
          "other": { "$ref": "#/components/schemas/SchemaBEFORE" },
          "price": { "type": "number", "exclusiveMinimum": 0.5, "multipleOf": 1e-2 },
          "kind": { "oneOf": [{ "const": "aAT" }, { "const": "bAT" }, { "type": "null" }] }
        }
      }
"##;
