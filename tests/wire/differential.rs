//! Our server against FastWS 0.1.7: the same frames in, the same frames, close codes and close reasons
//! out, for a plain client. What may differ stands in `deviations.yaml`, with its reason.
//!
//! Needs the server's program (`cargo build -p server`).

use tests::allow_list::AllowList;
use tests::differential::{Start, differential};
use tests::scenario::Suite;
use tests::services::{Service, folder};

/// Most suites are played against the server as it is shipped; those that tell the service what to
/// publish against a program that is the server and routes for that.
#[tokio::test(flavor = "multi_thread")]
async fn our_server_does_what_fastws_does() {
    let suites = Suite::load_all(&folder().join("wire/scenarios")).unwrap();
    let (directed, others): (Vec<Suite>, Vec<Suite>) =
        suites.into_iter().partition(Suite::needs_test_routes);
    let mut allowed = AllowList::load(&folder().join("wire/deviations.yaml")).unwrap();
    let rounds: [(&[Suite], Start); 2] =
        [(&others, Service::server), (&directed, Service::server_with_test_routes)];
    let mut reports = Vec::new();
    for (suites, start) in rounds {
        reports.push(differential(suites, start, Service::fastws, &mut allowed).await.unwrap());
    }
    for report in &reports {
        println!("{report}");
        assert!(report.found.differences.is_empty(), "our server and FastWS differ:\n{report}");
        assert!(report.skipped.is_empty(), "not played: {:?}", report.skipped);
    }
    // The last round has seen every entry of the allow-list that is needed at all.
    assert!(reports.last().is_some_and(|report| report.unused.is_empty()));
}
