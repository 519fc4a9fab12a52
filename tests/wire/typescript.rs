//! The clients that `codegen ts` writes, under Node, against the services of this repository. What they
//! do there is in `typescript/`, in TypeScript, compiled as a careful user would.

use std::path::PathBuf;

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
    project.scripts(&["service.ts", "trading.test.ts"])?;
    project.compile()?;
    let server = built("server")?;
    project.test("trading.test.ts", &[("SERVER", &server.to_string_lossy())])
}
