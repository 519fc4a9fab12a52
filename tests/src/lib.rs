//! What tests that cross rooms are made of: a client that shows every frame, services that start and
//! end by themselves, and the runner that plays one conversation against two services and compares.
//!
//! - [`client`]: a WebSocket client on tokio-tungstenite. It sends anything, right or wrong, waits
//!   only so long, and keeps a record of every message in both directions.
//! - [`http`]: one plain HTTP request.
//! - [`process`]: starts a program on a free port, waits until it listens, keeps its output, and ends
//!   it when dropped. [`services`] starts the two programs there are: FastWS and our server.
//! - [`scenario`]: conversations as YAML, `tests/wire/scenarios/*.yaml`.
//! - [`play`]: a scenario and a service give a [`Transcript`](play::Transcript).
//! - [`compare`]: two transcripts give differences, compared raw.
//! - [`allow_list`]: the differences that are meant, `tests/wire/deviations.yaml`.
//! - [`differential`]: both services started, all suites played, one report.
//! - [`foreign`]: small fakes of services that others run, for generated clients.
//! - [`typescript`]: generated TypeScript clients, compiled and run under Node.
//! - [`observed`]: transcripts as tables for people, `tests/fastws/BEHAVIOUR.md`.
//!
//! Nothing here knows our runtime or its contract: what it finds, any client would find.

pub mod allow_list;
pub mod client;
pub mod compare;
pub mod differential;
pub mod foreign;
pub mod http;
pub mod json;
pub mod observed;
pub mod play;
pub mod process;
pub mod scenario;
pub mod services;
pub mod typescript;
