//! The runner: starts each server in turn, puts the same work on it, and prints a table.
//!
//! `bench [--rounds N] [--seconds N] [--quick] [--write] [--only NAME]… [WORK…]`
//!
//! All works and servers unless said; `--quick` is one round of 2 s, `--write` puts the table into
//! `benches/README.md`. `soak` and `storm` are works that have to be named.
//!
//! `bench reliability [--long] [--write]` runs what must not bring a server down; `--write` puts that
//! table into `docs/reliability.md`.
//!
//! CPU seconds are the server process's own (user and system), from `/proc`; so a busy neighbour
//! changes latencies, but hardly these figures.

mod decode;
mod handler_test;
mod load;
mod reliability;
mod server;
mod storm;
mod table;
mod work;

mod api {
    asyncapi_ws::contract!("../asyncapi.yaml");
}

use std::{io, path::Path, time::Duration};

const SERVERS: [&str; 12] = [
    "write",
    "joined",
    "uring",
    "fixed",
    "ours",
    "generated",
    "crowded",
    "serde",
    "uws",
    "axum",
    "ws",
    "fastws",
];

fn main() -> io::Result<()> {
    let (mut rounds, mut seconds, mut write) = (3, 3.0, false);
    let mut extent = reliability::SHORT;
    let (mut works, mut names) = (Vec::new(), Vec::new());
    let mut arguments = std::env::args().skip(1);
    while let Some(argument) = arguments.next() {
        let mut value = || arguments.next().unwrap_or_default();
        match argument.as_str() {
            "--rounds" => rounds = value().parse().map_err(io::Error::other)?,
            "--seconds" => seconds = value().parse().map_err(io::Error::other)?,
            "--quick" => (rounds, seconds) = (1, 2.0),
            "--long" => extent = reliability::LONG,
            "--write" => write = true,
            "--only" => names.push(value()),
            work => works.push(work.to_owned()),
        }
    }
    let here = Path::new(env!("CARGO_MANIFEST_DIR"));
    if works == ["reliability"] {
        let table = reliability::run(extent)?;
        if write {
            table::write(&here.join("../docs/reliability.md"), &table)?;
        }
        return Ok(());
    }
    if works.is_empty() {
        works = work::WORKS.map(String::from).to_vec();
    }
    if names.is_empty() {
        names = SERVERS.map(String::from).to_vec();
    }
    let mut results = table::Results::default();
    for work in &works {
        // Memory does not depend on the neighbours: once is enough.
        for _ in 0..if work.starts_with("idle") { 1 } else { rounds } {
            for name in &names {
                match work::run(work, name, Duration::from_secs_f64(seconds)) {
                    Some(Ok(figures)) => results.add(work, name, figures),
                    Some(Err(error)) => eprintln!("{work} {name}: {error}"),
                    None => {}
                }
            }
        }
        println!("{}", results.work(work, &names));
    }
    println!("{}", results.targets());
    if write {
        let figures = results.all(&names, rounds, seconds);
        table::write(&here.join("README.md"), &figures)?;
    }
    Ok(())
}
