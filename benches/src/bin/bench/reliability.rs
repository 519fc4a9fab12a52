//! Everything that must not bring a server down, in one table: what happens, what holds, what shows
//! it, and what came out.

use crate::work::{self, Figures};
use std::{
    collections::BTreeMap,
    fmt::Write,
    io,
    path::Path,
    process::{Command, Stdio},
    time::{Duration, Instant},
};

/// A test of the runtime: what happens, what holds, its file and its name.
struct Test(&'static str, &'static str, &'static str, &'static str);

const TESTS: [Test; 23] = [
    Test(
        "a client stops reading",
        "told what it missed and closed within its budget; nobody waits for it",
        "pressure",
        "a_client_that_stops_reading_is_closed_and_delays_nobody",
    ),
    Test(
        "the same, where the newest value counts",
        "waiting values are replaced, the last arrives",
        "topics",
        "newer_values_replace_waiting_ones_and_the_last_always_arrives",
    ),
    Test(
        "the same, where old messages may go",
        "the oldest make room within the budget, it is told how many",
        "topics",
        "the_oldest_waiting_messages_make_room_within_the_budget",
    ),
    Test(
        "its queue is full and it pings",
        "pongs and the close frame are in no queue's policy",
        "pressure",
        "pongs_and_the_close_are_outside_of_every_policy",
    ),
    Test(
        "a client asks and does not read",
        "not read any more itself; nothing is lost when it reads",
        "pressure",
        "a_client_that_sends_but_does_not_read_is_not_read_either",
    ),
    Test(
        "a client asks above its rate",
        "refused, closed when it goes on",
        "pressure",
        "who_asks_too_much_is_told_and_who_goes_on_is_closed",
    ),
    Test(
        "a publisher outruns the machine",
        "told so; memory is bounded",
        "pressure",
        "a_publisher_that_outruns_its_shard_is_told",
    ),
    Test(
        "more clients than the limit",
        "503 with Retry-After, or 4101 with a wait",
        "pressure",
        "a_full_server_says_when_to_come_back",
    ),
    Test(
        "SIGTERM under load",
        "every client gets its code; what was asked is answered, what was pushed arrives",
        "shutdown",
        "a_signal_under_load_costs_nobody_an_answer_or_a_push",
    ),
    Test(
        "connections that hang at a shutdown",
        "dropped after the limit",
        "pressure",
        "connections_that_hang_do_not_hold_a_shutdown_up",
    ),
    Test(
        "a peer is gone without a word",
        "found out by the heartbeat, dropped",
        "hostile",
        "a_peer_that_is_gone_without_a_word_is_found_out_and_dropped",
    ),
    Test(
        "slow, dripping and idle handshakes",
        "dropped after the limit",
        "hostile",
        "connections_that_say_nothing_or_stop_in_mid_handshake_are_dropped_in_time",
    ),
    Test(
        "a handshake that dawdles",
        "delays nobody",
        "handshakes",
        "a_client_that_dawdles_over_its_request_is_dropped_and_delays_nobody",
    ),
    Test(
        "frames of one byte, cut anywhere",
        "one message",
        "hostile",
        "a_message_in_frames_of_one_byte_and_segments_of_any_size_is_one_message",
    ),
    Test(
        "fragments without end",
        "closed with 1009 at the limit",
        "hostile",
        "fragments_without_end_are_a_message_too_large",
    ),
    Test(
        "empty fragments without end",
        "hold nobody up",
        "hostile",
        "empty_fragments_without_end_hold_nobody_up",
    ),
    Test(
        "frames and messages above the limit",
        "closed with 1009 before they are read",
        "closes",
        "frames_and_messages_above_the_limit_close_with_1009",
    ),
    Test(
        "a deflate bomb: 20 MB in 20 KB",
        "closed with 1009; inflated as far as the limit",
        "hostile",
        "a_deflate_bomb_costs_its_limit_and_is_told_so",
    ),
    Test(
        "a JSON bomb: nesting without end",
        "not decoded; no recursion before the check",
        "closes",
        "a_message_nested_too_deep_is_not_decoded",
    ),
    Test(
        "a handler panics",
        "its session ends with 1011, no other",
        "closes",
        "a_panicking_handler_ends_its_own_session_only",
    ),
    Test(
        "a handler does not come to an end",
        "refused at its deadline",
        "deadline",
        "a_request_that_takes_too_long_is_refused_and_the_next_one_has_all_its_time",
    ),
    Test(
        "a topic's thousand clients come and go at once",
        "its hooks are called in turn, once each",
        "topics",
        "the_hooks_of_a_topic_alternate_though_a_thousand_clients_race",
    ),
    Test(
        "clients that do anything, in any order",
        "order holds, nothing is left behind",
        "chaos",
        "whatever_clients_do_order_holds_and_nothing_is_left_behind",
    ),
];

/// How much of everything: what fits beside other work, or what one wants to see before a release.
#[derive(Clone, Copy)]
pub(crate) struct Extent {
    soak: Duration,
    fuzz: Duration,
    all_of_autobahn: bool,
}

/// About three minutes, and what has to be built.
pub(crate) const SHORT: Extent =
    Extent { soak: Duration::from_secs(60), fuzz: Duration::from_secs(10), all_of_autobahn: false };

/// About twenty-five minutes.
pub(crate) const LONG: Extent = Extent {
    soak: Duration::from_secs(600),
    fuzz: Duration::from_secs(100),
    all_of_autobahn: true,
};

/// Runs everything; the table.
///
/// # Errors
/// When a program that it needs cannot be run.
pub(crate) fn run(extent: Extent) -> io::Result<String> {
    let mut text =
        "| what happens | what holds | shown by | result |\n| --- | --- | --- | --- |\n".to_owned();
    let mut row = |happens: &str, holds: &str, shown: &str, result: &str| {
        println!("{happens}: {result}");
        let _ = writeln!(text, "| {happens} | {holds} | {shown} | {result} |");
    };
    let verdicts = tests()?;
    for Test(happens, holds, file, name) in &TESTS {
        let result = verdicts.get(*name).map_or("not run", String::as_str);
        row(happens, holds, &format!("`tests/{file}.rs`: `{name}`"), result);
    }
    let storm = figures("storm", extent)?;
    row(
        "10 000 clients come at once",
        "all get in",
        "`bench storm`",
        &format!(
            "{:.0} connections a second, {:.1} KiB each",
            storm["connections/s at first"], storm["KiB/connection"]
        ),
    );
    row(
        "the server restarts, 10 000 clients come back",
        "all are told when, spread evenly: at most 1.5 × the even number in any second",
        "`bench storm`",
        &format!(
            "{:.0} % told, {:.0} % came back, closes at most {:.2} ×, handshakes at most {:.2} × even",
            storm["told to come back %"],
            storm["came back %"],
            storm["peak of closes, × even"],
            storm["peak handshakes/s, × even"]
        ),
    );
    let soak = figures("soak", extent)?;
    row(
        "clients come, subscribe and vanish for a long time",
        "memory is flat",
        &format!("`bench soak`, {} s", extent.soak.as_secs()),
        &format!(
            "{:.1} MiB after a tenth, {:.1} at the end; {:.0} came and went",
            soak["MiB after a tenth"], soak["MiB at the end"], soak["came and went"]
        ),
    );
    row("bytes of any kind as frames", "no panic, bounded memory", "`fuzz/run.sh`", &fuzz(extent)?);
    for (happens, whose) in [
        ("Autobahn's fuzzing client", ""),
        ("our Rust client meets Autobahn's fuzzing server", " --client"),
    ] {
        let (command, result) = autobahn(whose, extent)?;
        row(happens, "every case OK", &format!("`{command}`"), &result);
    }
    Ok(text)
}

fn root() -> std::path::PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("..")
}

fn output(command: &mut Command) -> io::Result<String> {
    let output = command.current_dir(root()).stderr(Stdio::inherit()).output()?;
    Ok(String::from_utf8_lossy(&output.stdout).into_owned())
}

/// The verdict on each test, by its name.
fn tests() -> io::Result<BTreeMap<String, String>> {
    let mut command = Command::new("cargo");
    command
        .args("test --locked --no-fail-fast --quiet -p asyncapi-ws --features deflate".split(' '));
    let mut files: Vec<&str> = TESTS.iter().map(|Test(_, _, file, _)| *file).collect();
    files.sort_unstable();
    files.dedup();
    command.args(files.iter().flat_map(|file| ["--test", file]));
    let text = output(command.args(["--", "--format=pretty"]))?;
    let verdicts = text.lines().filter_map(|line| {
        let (name, verdict) = line.strip_prefix("test ")?.split_once(" ... ")?;
        Some((name.to_owned(), if verdict == "ok" { "holds" } else { "FAILS" }.to_owned()))
    });
    Ok(verdicts.collect())
}

fn figures(work: &str, extent: Extent) -> io::Result<Figures> {
    work::run(work, "ours", extent.soak)
        .unwrap_or_else(|| Err(io::Error::other(format!("no work {work}"))))
}

fn fuzz(extent: Extent) -> io::Result<String> {
    let seconds = extent.fuzz.as_secs().to_string();
    let text = output(Command::new("fuzz/run.sh").args([&seconds, "frame", "deflate"]))?;
    let units =
        text.lines().filter_map(|line| line.strip_prefix("stat::number_of_executed_units:"));
    let units: u64 = units.filter_map(|number| number.trim().parse::<u64>().ok()).sum();
    let found = text.contains("ERROR") || units == 0;
    let found = if found { "FAILS" } else { "nothing found" };
    Ok(format!("{found} in {units} inputs"))
}

/// Runs the suite against the server or, by its flag, the client: the command and the verdicts.
fn autobahn(whose: &str, extent: Extent) -> io::Result<(String, String)> {
    let part = if extent.all_of_autobahn { "" } else { " --quick" };
    let command = format!("tests/conformance/autobahn/run.sh{whose}{part}");
    let began = Instant::now();
    let mut words = command.split(' ');
    let text = output(Command::new(words.next().unwrap_or_default()).args(words))?;
    let line = |first: &str| {
        let line = text.lines().find(|line| line.starts_with(first)).unwrap_or_default();
        line.split_whitespace().skip(2)
    };
    let counts: Vec<String> = line("section")
        .zip(line("all"))
        .filter(|(_, count)| *count != ".")
        .map(|(verdict, count)| format!("{count} {verdict}"))
        .collect();
    let counts = if counts.is_empty() { "FAILS: no report".to_owned() } else { counts.join(", ") };
    Ok((command, format!("{counts}; {} s", began.elapsed().as_secs())))
}
