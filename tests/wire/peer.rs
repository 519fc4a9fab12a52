//! What FastWS does is what `tests/fastws/` says it does, and the differential runner finds what there
//! is to find. `tests/fastws/rewrite.sh` writes the two files that are compared here.

use std::collections::BTreeMap;
use std::path::PathBuf;

use tests::allow_list::AllowList;
use tests::client::{Client, Event};
use tests::compare::Comparison;
use tests::differential::{Played, Report, compare_played, differential, play_both};
use tests::http;
use tests::json::{Likeness, Spelling, likeness};
use tests::observed;
use tests::scenario::Suite;
use tests::services::{ENDPOINT, Service, folder};
use tokio::sync::OnceCell;

fn suites() -> Vec<Suite> {
    Suite::load_all(&folder().join("wire/scenarios")).expect("the scenarios are well-formed")
}

fn fastws(environment: &BTreeMap<String, String>) -> Result<Service, String> {
    Service::fastws(environment)
}

/// FastWS with `params` as a plain dict.
fn untyped_fastws(environment: &BTreeMap<String, String>) -> Result<Service, String> {
    let mut environment = environment.clone();
    environment.insert("PEER_PARAMS".to_owned(), "untyped".to_owned());
    Service::fastws(&environment)
}

/// FastWS that waits a little longer than it is told to.
fn patient_fastws(environment: &BTreeMap<String, String>) -> Result<Service, String> {
    let mut environment = environment.clone();
    environment.insert("HEARTBEAT_INTERVAL".to_owned(), "1.75".to_owned());
    Service::fastws(&environment)
}

/// All suites, with FastWS on both sides.
async fn fastws_twice() -> &'static [Played] {
    static PLAYED: OnceCell<Vec<Played>> = OnceCell::const_new();
    PLAYED
        .get_or_init(|| async {
            let mut all = Vec::new();
            for suite in suites() {
                let played = play_both(&suite, fastws, fastws).await.expect("FastWS runs");
                all.push(played.expect("FastWS has test routes"));
            }
            all
        })
        .await
}

/// Only the scenarios of `names`, in the suite that has them.
fn only(names: &[&str]) -> Suite {
    let mut suites = suites();
    for suite in &mut suites {
        suite.scenarios.retain(|scenario| names.contains(&scenario.name.as_str()));
    }
    let found = suites.into_iter().find(|suite| suite.scenarios.len() == names.len());
    found.expect("one suite has them all")
}

#[tokio::test(flavor = "multi_thread")]
async fn fastws_does_what_is_written_down() {
    let tables: String = fastws_twice()
        .await
        .iter()
        .map(|played| observed::table(&played.suite, &played.theirs))
        .collect();
    let path = folder().join("fastws/BEHAVIOUR.md");
    let document = std::fs::read_to_string(&path).unwrap();
    if std::env::var_os("REWRITE_OBSERVED").is_some() {
        std::fs::write(&path, observed::with_tables(&document, &tables).unwrap()).unwrap();
        return;
    }
    let written = observed::tables_in(&document).expect("BEHAVIOUR.md has the marks");
    let first = tables.lines().zip(written.lines()).find(|(seen, written)| seen != written);
    assert!(
        tables == written,
        "FastWS does otherwise than BEHAVIOUR.md says, first at (seen, written): {first:#?}\n\
         `tests/fastws/rewrite.sh` writes it anew"
    );
}

#[tokio::test(flavor = "multi_thread")]
async fn fastws_does_not_differ_from_fastws() {
    let mut allowed = AllowList::default();
    let mut found = Comparison::default();
    for played in fastws_twice().await {
        found.extend(compare_played(played, &mut allowed));
    }
    let report = Report { found, ..Report::default() };
    assert!(report.agrees() && report.found.respellings.is_empty(), "{report}");
}

#[tokio::test(flavor = "multi_thread")]
async fn a_service_with_another_schema_is_told_apart_at_that_step_only() {
    let suite = only(&["a string as params", "a number as resolution", "no symbol"]);
    let mut allowed = AllowList::default();
    let report = differential(&[suite], untyped_fastws, fastws, &mut allowed).await.unwrap();
    assert_eq!(report.found.differences.len(), 1, "{report}");
    assert!(report.to_string().contains(
        "`a number as resolution` step 2: receive
    ours:   text {\"type\":\"bars.subscribe.response\",\"payload\":{\"status\":\"ok\",\"symbol\":\"A\",\
         \"message\":\"Subscribed to A\",\"topic\":\"bars:A:1\"}}
    theirs: closed 1003 Could not validate payload"
    ), "{report}");
}

#[tokio::test(flavor = "multi_thread")]
async fn a_close_reason_that_differs_in_a_digit_is_told_apart() {
    let suite = only(&["a client that never speaks"]);
    let mut allowed = AllowList::default();
    let report = differential(&[suite], patient_fastws, fastws, &mut allowed).await.unwrap();
    assert_eq!(report.found.differences.len(), 1, "{report}");
}

#[tokio::test(flavor = "multi_thread")]
async fn a_listed_deviation_is_no_difference_and_one_that_nothing_needs_is_an_error() {
    let mut allowed = AllowList::parse(
        "deviations:
  - scenario: a number as resolution
    step: 2
    ours: >-
      text {\"type\":\"bars.subscribe.response\",\"payload\":{\"status\":\"ok\",\"symbol\":\"A\",\"message\":\"Subscribed to A\",\"topic\":\"bars:A:1\"}}
    theirs: closed 1003 Could not validate payload
    reason: to see whether the list is read
  - { scenario: no symbol, step: 2, ours: connected, theirs: over, reason: nothing needs it }
",
    )
    .unwrap();
    let suite = only(&["a number as resolution", "no symbol"]);
    let report = differential(&[suite], untyped_fastws, fastws, &mut allowed).await.unwrap();
    assert!(report.found.differences.is_empty(), "{report}");
    assert_eq!(report.unused, ["deviation `no symbol` step 2"]);
    assert!(!report.agrees());
}

#[tokio::test(flavor = "multi_thread")]
async fn fastws_serves_the_document_that_is_kept() {
    let service = Service::fastws(&BTreeMap::new()).unwrap();
    let path = format!("{ENDPOINT}/asyncapi.json");
    let answer = http::request(service.address(), "GET", &path, &[], "").await.unwrap();
    let kept: PathBuf = folder().join("fastws/asyncapi.json");
    let kept = std::fs::read_to_string(kept).unwrap();
    let served = std::str::from_utf8(&answer.body).unwrap();
    assert_eq!(
        likeness(served, &kept),
        Likeness::SameValue(Spelling::Spacing),
        "FastWS serves another document; `tests/fastws/rewrite.sh` keeps the new one\n{served}"
    );
}

#[tokio::test(flavor = "multi_thread")]
async fn a_client_keeps_a_record_of_both_directions() {
    let service = Service::fastws(&BTreeMap::new()).unwrap();
    let mut client = Client::connect(&service.url()).await.unwrap();
    client.text("not json").await;
    let closed =
        Event::Closed { code: Some(1003), reason: "Could not validate payload".to_owned() };
    assert_eq!(client.next().await, closed);
    assert_eq!(client.next().await, Event::Over);
    let record: Vec<_> = client
        .record()
        .iter()
        .map(|line| (line.sent, line.opcode, line.payload.as_ref()))
        .collect();
    let close: &[u8] = b"\x03\xebCould not validate payload";
    assert_eq!(record, [(true, Some(1), b"not json".as_slice()), (false, Some(8), close)]);
}
