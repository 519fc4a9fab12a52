//! Our server against FastWS 0.1.7: the same frames in, the same frames, close codes and close reasons
//! out, for a plain client. What may differ stands in `deviations.yaml`, with its reason.
//!
//! Needs the server's program (`cargo build -p server`).

use std::collections::BTreeMap;

use tests::allow_list::AllowList;
use tests::differential::differential;
use tests::scenario::Suite;
use tests::services::{Service, folder};

#[tokio::test(flavor = "multi_thread")]
async fn our_server_does_what_fastws_does() {
    let suites = Suite::load_all(&folder().join("wire/scenarios")).unwrap();
    let mut allowed = AllowList::load(&folder().join("wire/deviations.yaml")).unwrap();
    let start: fn(&BTreeMap<String, String>) -> Result<Service, String> = Service::server;
    let report = differential(&suites, start, Service::fastws, &mut allowed).await.unwrap();
    println!("{report}");
    assert!(report.agrees(), "our server and FastWS differ:\n{report}");
    // Its broadcaster pushes bars of its own; exact ones need test routes, see `Service::at`.
    assert_eq!(report.skipped, ["Pushes of given bars"]);
}
