//! Handlers that take too long.

#![cfg(feature = "server")]
#![allow(clippy::unwrap_used, reason = "test code, though not in a test function")]

mod support;

use asyncapi_ws::limits::Limits;
use std::time::Duration;
use support::{PATH, in_process, json};

const DEADLINE: Duration = Duration::from_secs(5);

#[tokio::test]
async fn a_request_that_takes_too_long_is_refused_and_the_next_one_has_all_its_time() {
    let setup = in_process(Limits::default(), |endpoint| endpoint.deadline(DEADLINE));
    let mut client = setup.server.connect(PATH).await.unwrap();
    for n in ["1", "2"] {
        client.send_text(&json("wait-in-time", n)).await.unwrap();
    }
    client.send_text(&json("echo", "3")).await.unwrap();
    setup.hub.settled().await;
    setup.clock.advance(DEADLINE / 2, &setup.hub).await;
    assert_eq!(client.received_so_far().await.unwrap(), []);
    setup.clock.advance(DEADLINE / 2, &setup.hub).await;
    assert_eq!(client.receive_text().await.unwrap(), json("refused", "1"));
    setup.clock.advance(DEADLINE / 2, &setup.hub).await;
    assert_eq!(client.received_so_far().await.unwrap(), []);
    setup.board.let_go();
    assert_eq!(client.receive_text().await.unwrap(), json("waited", "2"));
    assert_eq!(client.receive_text().await.unwrap(), json("echo", "3"));
}

#[tokio::test]
async fn a_handler_that_does_not_care_ends_its_session() {
    let setup = in_process(Limits::default(), |endpoint| endpoint.deadline(DEADLINE));
    let mut client = setup.server.connect(PATH).await.unwrap();
    client.send_text(&json("wait", "")).await.unwrap();
    setup.hub.settled().await;
    setup.clock.advance(DEADLINE, &setup.hub).await;
    assert_eq!(client.receive_close().await.unwrap(), (1011, "internal error".to_owned()));
}
