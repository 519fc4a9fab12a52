//! The clients that `codegen ts` writes, under Node, against the services of this repository. What they
//! do there is in `typescript/`, in TypeScript, compiled as a careful user would.

use std::path::PathBuf;

use tests::foreign::Wire;
use tests::services::{built, folder};
use tests::typescript::Project;

fn document() -> PathBuf {
    folder().join("../asyncapi.yaml")
}

#[test]
fn the_trading_client_talks_to_the_trading_service() -> Result<(), String> {
    let Some(project) = Project::new("trading")? else { return Ok(()) };
    project.client("api", &document(), &[])?;
    project.client("validated", &document(), &["--validate"])?;
    project.client("packed", &document(), &["--validate", "--msgpack"])?;
    project.scripts(&["service.ts", "trading.test.ts"])?;
    project.compile()?;
    let server = built("server")?;
    project.test("trading.test.ts", &[("SERVER", &server.to_string_lossy())])
}

#[test]
fn a_client_takes_everything_that_it_knows_from_a_newer_server() -> Result<(), String> {
    let Some(project) = Project::new("newer")? else { return Ok(()) };
    let document = folder().join("wire/typescript/newer.yaml");
    project.client("api", &document, &[])?;
    project.client("validated", &document, &["--validate"])?;
    project.scripts(&["newer.test.ts"])?;
    project.compile()?;
    project.test("newer.test.ts", &[])
}

#[test]
fn generated_clients_talk_to_services_of_five_kinds() -> Result<(), String> {
    let Some(project) = Project::new("foreign")? else { return Ok(()) };
    for wire in Wire::ALL {
        let document = folder().join("foreign").join(wire.name()).join("asyncapi.yaml");
        // Written by one of the service's clients.
        let is_clients = wire == Wire::BareText;
        let options: &[&str] = if is_clients { &["--perspective", "client"] } else { &[] };
        project.client(wire.name(), &document, options)?;
    }
    project.scripts(&["service.ts", "foreign.test.ts"])?;
    project.compile()?;
    let service = built("foreign-service")?;
    project.test("foreign.test.ts", &[("FOREIGN", &service.to_string_lossy())])
}
