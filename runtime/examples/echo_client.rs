//! Lets Autobahn's `fuzzingserver` at the client: runs each of its cases, sending every message back as it
//! came, and has it write its reports.
//!
//! `cargo run --release -p asyncapi-ws --features client,deflate --example echo_client -- ws://127.0.0.1:9001 NAME`

use asyncapi_ws::client::{Options, RawConnection, RawMessage};
use std::io;

#[tokio::main(flavor = "current_thread")]
async fn main() -> io::Result<()> {
    let mut arguments = std::env::args().skip(1);
    let (Some(server), Some(name)) = (arguments.next(), arguments.next()) else {
        return Err(io::Error::other("say where the server is, and the name for the reports"));
    };
    let agent = ("agent".to_owned(), name);
    let mut count = open(&server, "getCaseCount", &[]).await?;
    let Some(RawMessage::Text(cases)) = count.next().await else {
        return Err(io::Error::other(format!("{server} does not say how many cases it has")));
    };
    while count.next().await.is_some() {}
    let cases: usize = cases.trim().parse().map_err(io::Error::other)?;
    for case in 1..=cases {
        let case = ("case".to_owned(), case.to_string());
        let mut connection = open(&server, "runCase", &[case, agent.clone()]).await?;
        while let Some(message) = connection.next().await {
            connection.send(&message);
        }
    }
    let mut reports = open(&server, "updateReports", &[agent]).await?;
    while reports.next().await.is_some() {}
    Ok(())
}

async fn open(server: &str, what: &str, query: &[(String, String)]) -> io::Result<RawConnection> {
    let mut options = Options::new(format!("{server}/{what}"));
    options.query = query.to_vec();
    RawConnection::connect(options).await
}
