//! What the README shows works: its server, and under Node its client, which prints what it said itself.
//! Both are the README's to the letter, but for the port, which may be somebody's.

use std::io::{BufRead, BufReader};
use std::process::Stdio;

use tests::typescript::Project;

include!("../src/main.rs");

/// Node has a `WebSocket` of its own from version 22; before it, this is how one gets there.
const WEB_SOCKET: &str =
    "import { WebSocket } from \"ws\";\n\nObject.assign(globalThis, { WebSocket });\n";

#[tokio::test]
async fn the_readmes_client_hears_from_the_readmes_server_what_it_said() -> Result<(), String> {
    let Some(project) = Project::new("chat")? else { return Ok(()) };
    let listener = tokio::net::TcpListener::bind("127.0.0.1:0").await;
    let listener = listener.map_err(|error| error.to_string())?;
    let address = listener.local_addr().map_err(|error| error.to_string())?;
    tokio::spawn(async { axum::serve(listener, Chat::router(Rooms)).await });

    let client = include_str!("../client.ts");
    let here = client.replace("127.0.0.1:8000", &address.to_string());
    assert_ne!(client, here);
    project.client("api", concat!(env!("CARGO_MANIFEST_DIR"), "/asyncapi.yaml").as_ref(), &[])?;
    project.write("client.ts", &here)?;
    project.write("web-socket.ts", WEB_SOCKET)?;
    project.compile()?;

    let mut node = project.node("client.ts");
    node.env("NODE_OPTIONS", "--import ./out/web-socket.js").stdout(Stdio::piped());
    let printed = tokio::task::spawn_blocking(move || {
        let mut child = node.spawn()?;
        let mut line = String::new();
        if let Some(output) = child.stdout.take() {
            BufReader::new(output).read_line(&mut line)?;
        }
        // It would listen for ever.
        child.kill()?;
        child.wait()?;
        std::io::Result::Ok(line)
    });
    let printed = printed.await.map_err(|error| error.to_string())?;
    assert_eq!(printed.map_err(|error| error.to_string())?, "Hello!\n");
    Ok(())
}
