//! A fake of a foreign service for tests in other languages: `foreign-service json-rpc` prints where it
//! listens, and serves until its standard input ends.

use std::io::Read;
use std::process::ExitCode;

use tests::foreign::{Fake, Wire};

#[tokio::main]
async fn main() -> ExitCode {
    let name = std::env::args().nth(1).unwrap_or_default();
    let Some(wire) = Wire::from_name(&name) else {
        let names = Wire::ALL.map(Wire::name).join(", ");
        eprintln!("foreign-service: `{name}` is no wire; there are {names}");
        return ExitCode::from(2);
    };
    let fake = match Fake::start(wire).await {
        Ok(fake) => fake,
        Err(error) => {
            eprintln!("foreign-service: {error}");
            return ExitCode::from(2);
        }
    };
    println!("ws://{}", fake.address());
    // The test that started this process may die without stopping it.
    let end = tokio::task::spawn_blocking(|| std::io::stdin().read_to_end(&mut Vec::new()));
    let _ = end.await;
    ExitCode::SUCCESS
}
