//! References to URLs: refused, fetched when that is allowed, kept in a folder.

// A test stops where something is not as it must be.
#![allow(clippy::unwrap_used, clippy::panic)]

mod support;

use std::io::{BufRead, BufReader, Read, Write};
use std::net::{SocketAddr, TcpListener};
use std::sync::{Arc, Mutex};

use support::{Folder, GOOD, Run};

/// A server on the loopback interface that answers each path and remembers what it was asked for.
struct Server {
    address: SocketAddr,
    asked: Arc<Mutex<Vec<String>>>,
}

const TICK: &str =
    "Tick: { type: object, required: [price], properties: { price: { $ref: 'price.yaml' } } }\n";

impl Server {
    fn start() -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").unwrap();
        let address = listener.local_addr().unwrap();
        let asked = Arc::new(Mutex::new(Vec::new()));
        let paths = asked.clone();
        // It ends with the test's process.
        std::thread::spawn(move || {
            for stream in listener.incoming() {
                let mut stream = stream.unwrap();
                let mut reader = BufReader::new(stream.try_clone().unwrap());
                let mut request = String::new();
                reader.read_line(&mut request).unwrap();
                let mut header = String::new();
                while reader.read_line(&mut header).unwrap() > 2 {
                    header.clear();
                }
                let path = request.split(' ').nth(1).unwrap().to_owned();
                let (status, more, body) = match path.as_str() {
                    "/schemas/tick.yaml" => ("200 OK", "", TICK.to_owned()),
                    "/schemas/price.yaml" => ("200 OK", "", "{ type: number }\n".to_owned()),
                    "/moved.yaml" => {
                        ("301 Moved", "Location: /schemas/tick.yaml\r\n", String::new())
                    }
                    "/loop.yaml" => ("302 Found", "Location: /loop.yaml\r\n", String::new()),
                    "/endless.yaml" => ("200 OK", "", String::new()),
                    _ => ("404 Not Found", "", "no\n".to_owned()),
                };
                paths.lock().unwrap().push(path.clone());
                let head = if path == "/endless.yaml" {
                    format!("HTTP/1.1 {status}\r\nConnection: close\r\n\r\n")
                } else {
                    let length = body.len();
                    format!(
                        "HTTP/1.1 {status}\r\n{more}Content-Length: {length}\r\nConnection: close\r\n\r\n{body}"
                    )
                };
                let _ = stream.write_all(head.as_bytes());
                if path == "/endless.yaml" {
                    // Until the reader has enough.
                    let _ = std::io::copy(&mut std::io::repeat(b'#'), &mut stream);
                }
                let _ = stream.shutdown(std::net::Shutdown::Write);
                let _ = reader.read(&mut [0; 64]);
            }
        });
        Self { address, asked }
    }

    /// A contract whose payload is at a path of this server.
    fn contract(&self, path: &str) -> String {
        GOOD.replace("#/components/schemas/Tick", &format!("http://{}{path}", self.address))
            .replace("components:", "x-lint-ignore: [component/unused]\ncomponents:")
    }

    fn asked(&self) -> Vec<String> {
        std::mem::take(&mut self.asked.lock().unwrap())
    }
}

fn assert_finding(run: &Run, rule: &str, reason: &str) {
    assert_eq!(run.status, 1, "{}", run.stderr);
    assert!(run.stderr.contains(&format!("error[{rule}]")), "{}", run.stderr);
    assert!(run.stderr.contains(reason), "{}", run.stderr);
    assert!(run.stderr.contains("--> asyncapi.yaml:6:"), "{}", run.stderr);
}

#[test]
fn nothing_is_fetched_unless_it_is_allowed() {
    let server = Server::start();
    let text = server.contract("/schemas/tick.yaml#/Tick");
    let folder = Folder::new("refused", &[("asyncapi.yaml", &text)]);
    assert_finding(&folder.run("check"), "reference/remote-refused", "is not fetched");
    assert_finding(&folder.run("check --cache cache"), "reference/remote-refused", "");
    assert_eq!(server.asked(), Vec::<String>::new());
}

#[test]
fn what_is_fetched_is_kept_and_not_fetched_again() {
    let server = Server::start();
    let text = server.contract("/schemas/tick.yaml#/Tick");
    let folder = Folder::new("kept", &[("asyncapi.yaml", &text)]);
    let first = folder.run("ts --allow-remote --cache cache");
    assert_eq!(first.status, 0, "{}", first.stderr);
    assert!(first.stdout.contains("price: number"), "{}", first.stdout);
    // A relative reference in a fetched file counts from its URL.
    assert_eq!(server.asked(), ["/schemas/tick.yaml", "/schemas/price.yaml"]);

    let offline = folder.run("ts --cache cache");
    assert_eq!((offline.status, &offline.stdout), (0, &first.stdout), "{}", offline.stderr);
    let again = folder.run("ts --allow-remote --cache cache");
    assert_eq!(again.stdout, first.stdout);
    assert_eq!(server.asked(), Vec::<String>::new());
    let kept = std::fs::read_dir(folder.path().join("cache")).unwrap();
    assert_eq!(kept.count(), 2);
}

#[test]
fn without_a_folder_nothing_is_kept() {
    let server = Server::start();
    let text = server.contract("/moved.yaml#/Tick");
    let folder = Folder::new("moved", &[("asyncapi.yaml", &text)]);
    // It was moved, and what it refers to counts from where it was asked for.
    let run = folder.run("check --allow-remote");
    assert_eq!(server.asked()[..2], ["/moved.yaml", "/schemas/tick.yaml"]);
    assert_eq!(run.status, 1);
    assert!(run.stderr.contains("/price.yaml"), "{}", run.stderr);
    assert_eq!(std::fs::read_dir(folder.path()).unwrap().count(), 1);
}

#[test]
fn what_cannot_be_fetched_is_told_at_the_reference() {
    let server = Server::start();
    let reason = |path: &str, reason: &str| {
        let folder = Folder::new(&path[1..5], &[("asyncapi.yaml", &server.contract(path))]);
        let run = folder.run("check --allow-remote --cache cache");
        assert_finding(&run, "reference/unreadable-file", reason);
        assert!(!folder.has("cache"));
    };
    reason("/nowhere.yaml", "404");
    reason("/loop.yaml", "redirect");
    reason("/endless.yaml", "");
}
