//! Medians, ratios and targets as Markdown.

use crate::work::{Figures, WORKS};
use std::{
    collections::BTreeMap,
    fmt::Write,
    io::{self, ErrorKind},
    path::Path,
};

/// All rounds of all works: work, server, figure.
#[derive(Default)]
pub(crate) struct Results(BTreeMap<String, BTreeMap<String, BTreeMap<&'static str, Vec<f64>>>>);

/// What was aimed at: of a work, a figure of ours against that of a server, or against a number.
struct Target(&'static str, &'static str, Against, Bound);

enum Against {
    Server(&'static str),
    Nothing,
}

enum Bound {
    AtLeast(f64),
    AtMost(f64),
    /// As much more as less.
    Within(f64),
}

use Against::{Nothing, Server};
use Bound::{AtLeast, AtMost, Within};

const TARGETS: [Target; 21] = [
    Target("fanout-100", "deliveries/cpu-s", Server("write"), AtLeast(0.95)),
    Target("fanout-100", "deliveries/cpu-s", Server("axum"), AtLeast(2.0)),
    Target("fanout-100", "p99 µs", Server("write"), AtMost(1.3)),
    Target("fanout-400", "deliveries/cpu-s", Server("joined"), AtLeast(0.95)),
    Target("fanout-400", "p99 µs", Server("write"), AtMost(1.3)),
    Target("fanout-2000", "delivered %", Nothing, AtLeast(99.0)),
    Target("fanout-2000", "deliveries/cpu-s", Server("joined"), AtLeast(0.95)),
    Target("fanout-2000", "deliveries/cpu-s", Server("uws"), AtLeast(0.95)),
    Target("fanout-2000", "deliveries/cpu-s", Server("axum"), AtLeast(3.0)),
    Target("topics", "deliveries/cpu-s", Server("axum"), AtLeast(1.0)),
    Target("requests", "replies/cpu-s", Server("fixed"), AtLeast(0.75)),
    Target("requests", "replies/cpu-s", Server("axum"), AtLeast(1.2)),
    Target("requests", "replies/cpu-s", Server("ws"), AtLeast(1.5)),
    Target("idle", "KiB/connection", Nothing, AtMost(2.0)),
    Target("idle-deflate", "KiB/connection", Nothing, AtMost(12.0)),
    Target("decode-subscribe", "ns/frame", Server("serde"), AtMost(1.2)),
    Target("decode-update", "ns/frame", Server("serde"), AtMost(1.2)),
    Target("handler-test", "µs/test", Nothing, AtMost(1000.0)),
    Target("setup", "connections/cpu-s", Server("axum"), AtLeast(1.0)),
    Target("setup", "connections/s", Server("axum"), AtLeast(1.0)),
    Target("crowd", "deliveries/cpu-s", Server("crowded"), Within(0.1)),
];

impl Results {
    pub(crate) fn add(&mut self, work: &str, name: &str, figures: Figures) {
        let of = self.0.entry(work.to_owned()).or_default().entry(name.to_owned()).or_default();
        for (figure, value) in figures {
            of.entry(figure).or_default().push(value);
        }
    }

    fn median(&self, work: &str, name: &str, figure: &str) -> Option<f64> {
        let mut values = self.0.get(work)?.get(name)?.get(figure)?.clone();
        values.sort_by(f64::total_cmp);
        values.get(values.len() / 2).copied()
    }

    /// A table of one work: a row for each server.
    pub(crate) fn work(&self, work: &str, names: &[String]) -> String {
        let Some(servers) = self.0.get(work) else { return String::new() };
        let columns: Vec<&str> = servers.values().flat_map(|of| of.keys().copied()).collect();
        let columns: std::collections::BTreeSet<&str> = columns.into_iter().collect();
        let mut text = format!("### {work}\n\n| server |");
        columns.iter().for_each(|column| text += &format!(" {column} |"));
        text += "\n| --- |";
        columns.iter().for_each(|_| text += " --- |");
        text += "\n";
        for name in names.iter().filter(|name| servers.contains_key(*name)) {
            let _ = write!(text, "| `{name}` |");
            for column in &columns {
                let value = self.median(work, name, column);
                let ours = self.median(work, "ours", column).filter(|_| name != "ours");
                let _ = match (value, ours) {
                    (Some(value), Some(ours)) if value != 0.0 => {
                        write!(text, " {} (ours ×{:.2}) |", number(value), ours / value)
                    }
                    (Some(value), _) => write!(text, " {} |", number(value)),
                    (None, _) => write!(text, " – |"),
                };
            }
            text += "\n";
        }
        text
    }

    /// What was aimed at and what came out.
    pub(crate) fn targets(&self) -> String {
        let mut text =
            "| work | figure | target | measured | |\n| --- | --- | --- | --- | --- |\n".to_owned();
        for Target(work, figure, against, bound) in &TARGETS {
            let Some(ours) = self.median(work, "ours", figure) else { continue };
            let (value, sign, unit) = match against {
                Nothing => (ours, "", String::new()),
                Server(name) => match self.median(work, name, figure) {
                    Some(theirs) => (ours / theirs, "×", format!(" of `{name}`")),
                    None => continue,
                },
            };
            let (target, reached) = match bound {
                AtLeast(least) => (format!("≥ {sign}{least}{unit}"), value >= *least),
                AtMost(most) => (format!("≤ {sign}{most}{unit}"), value <= *most),
                Within(by) => (
                    format!("{sign}{:.1}–{:.1}{unit}", 1.0 - by, 1.0 + by),
                    (value - 1.0).abs() <= *by,
                ),
            };
            let reached = if reached { "reached" } else { "missed" };
            let _ =
                writeln!(text, "| `{work}` | {figure} | {target} | {sign}{value:.2} | {reached} |");
        }
        text
    }

    /// Everything, under a line that says where it was measured.
    pub(crate) fn all(&self, names: &[String], rounds: usize, seconds: f64) -> String {
        let cores = std::thread::available_parallelism().map_or(1, usize::from);
        let kernel = std::fs::read_to_string("/proc/sys/kernel/osrelease").unwrap_or_default();
        let mut text = format!(
            "Medians of {rounds} rounds of {seconds} s, {cores} cores, Linux {}.\n\n{}",
            kernel.split('-').next().unwrap_or_default().trim(),
            self.targets()
        );
        for work in WORKS {
            let table = self.work(work, names);
            if !table.is_empty() {
                text += "\n";
                text += &table;
            }
        }
        text
    }
}

fn number(value: f64) -> String {
    match value {
        ..10.0 => format!("{value:.2}"),
        10.0..100.0 => format!("{value:.1}"),
        _ => format!("{value:.0}"),
    }
}

const BEGIN: &str = "<!-- figures:";
const END: &str = "<!-- end of figures -->";

/// Puts the figures between the two marks of a file.
pub(crate) fn write(file: &Path, figures: &str) -> io::Result<()> {
    let text = std::fs::read_to_string(file)?;
    let no_marks =
        || io::Error::new(ErrorKind::InvalidData, format!("{} has no marks", file.display()));
    let begin = text.find(BEGIN).ok_or_else(no_marks)?;
    let begin = begin + text[begin..].find('\n').ok_or_else(no_marks)? + 1;
    let end = begin + text[begin..].find(END).ok_or_else(no_marks)?;
    std::fs::write(file, format!("{}\n{figures}\n{}", &text[..begin], &text[end..]))
}
