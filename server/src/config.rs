//! How the service is set up: environment variables, and flags that go before them.
//!
//! Every setting is one field of [`Config`], which is its one documented place: meaning, unit, default.
//! The variable has the field's name in capitals (`BAR_BROADCASTER_INTERVAL`), the flag has it with
//! dashes (`--bar-broadcaster-interval`). A wrong value ends the program with exit code 2 and a
//! message that names the variable, the value and what is accepted.

use std::collections::BTreeSet;
use std::ffi::OsString;
use std::net::{IpAddr, Ipv4Addr};
use std::time::Duration;

use clap::{Arg, ArgAction, Command, CommandFactory, FromArgMatches, Parser};

use crate::api::Resolution;
use crate::broadcaster::BroadcasterSettings;
use crate::limits::LimitSettings;

/// Longest time that any setting may be, in seconds: a day.
const LONGEST: f64 = 86_400.0;
/// Shortest time that any setting may be, in seconds.
const SHORTEST: f64 = 0.01;

/// Serves market data over one WebSocket, /api/v1/ws.
#[derive(Clone, Debug, PartialEq, Parser)]
#[command(
    name = "server",
    version,
    after_help = "Example:\n  \
        server --port 8080 --bar-broadcaster-symbols AAPL,TSLA --bar-broadcaster-resolutions 1,5,D"
)]
pub struct Config {
    /// Address to listen on: an IP address or `localhost`.
    ///
    /// Only this machine by default, because a service without authentication must not be reachable
    /// from elsewhere by accident. In a container say 0.0.0.0.
    #[arg(long, value_name = "ADDRESS", default_value = "127.0.0.1", value_parser = host)]
    pub host: IpAddr,

    /// TCP port to listen on; 0 takes a free one.
    #[arg(long, value_name = "PORT", default_value = "8000", value_parser = port)]
    pub port: u16,

    /// Seconds that a client may be silent. A plain client must send a message within them.
    #[arg(long, value_name = "SECONDS", default_value = "30.0", value_parser = heartbeat_interval)]
    pub heartbeat_interval: Duration,

    /// Seconds that a connection may last, however lively it is.
    #[arg(
        long,
        value_name = "SECONDS",
        default_value = "3600.0",
        value_parser = max_connection_lifespan
    )]
    pub max_connection_lifespan: Duration,

    /// Whether bars are broadcast: true or false.
    #[arg(
        long,
        value_name = "BOOL",
        default_value = "true",
        value_parser = bar_broadcaster_enabled,
        action = ArgAction::Set
    )]
    pub bar_broadcaster_enabled: bool,

    /// Seconds between two broadcasts of a topic.
    #[arg(
        long,
        value_name = "SECONDS",
        default_value = "2.0",
        value_parser = bar_broadcaster_interval
    )]
    pub bar_broadcaster_interval: Duration,

    /// Symbols that are broadcast, separated by commas.
    #[arg(
        long,
        value_name = "SYMBOLS",
        default_value = "AAPL,GOOGL,MSFT",
        value_parser = bar_broadcaster_symbols
    )]
    pub bar_broadcaster_symbols: Symbols,

    /// Resolutions that are broadcast, separated by commas, of 1, 5, 15, 30, 60, D, W, M.
    #[arg(
        long,
        value_name = "RESOLUTIONS",
        default_value = "1",
        value_parser = bar_broadcaster_resolutions
    )]
    pub bar_broadcaster_resolutions: Resolutions,

    /// Seed of the simulated market. Processes with the same seed show the same prices.
    #[arg(long, value_name = "NUMBER", default_value = "1", value_parser = market_seed)]
    pub market_seed: u64,

    /// What clients can make the service hold or do.
    #[command(flatten)]
    pub limits: LimitSettings,
}

/// Symbols, each once, in the order they were given.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Symbols(pub Vec<String>);

/// Resolutions, each once, in the order they were given.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Resolutions(pub Vec<Resolution>);

impl Config {
    /// Reads the process's arguments and environment. Prints and ends the program when asked for
    /// help (exit code 0) or given a wrong value (exit code 2).
    pub fn load() -> Config {
        let read = Config::read(std::env::args_os(), |variable| std::env::var_os(variable));
        read.unwrap_or_else(|error| error.exit())
    }

    /// Reads `arguments`, the program's name first, and what `environment` has for a variable.
    ///
    /// # Errors
    /// What [`Config::load`] would print; help is one of them.
    pub fn read(
        arguments: impl IntoIterator<Item = OsString>,
        environment: impl Fn(&str) -> Option<OsString>,
    ) -> Result<Config, clap::Error> {
        let mut command = command(environment);
        let mut matches = command.try_get_matches_from_mut(arguments)?;
        Config::from_arg_matches_mut(&mut matches).map_err(|error| error.format(&mut command))
    }

    /// What the broadcaster needs, `None` when it is to stay off.
    pub fn broadcaster(&self) -> Option<BroadcasterSettings> {
        self.bar_broadcaster_enabled.then(|| BroadcasterSettings {
            interval: self.bar_broadcaster_interval,
            symbols: self.bar_broadcaster_symbols.0.clone(),
            resolutions: self.bar_broadcaster_resolutions.0.clone(),
        })
    }
}

/// The command line. A variable's value takes the place of its flag's default, so a flag goes before
/// it, and `--help` shows what holds here and now.
fn command(environment: impl Fn(&str) -> Option<OsString>) -> Command {
    Config::command().mut_args(|argument| {
        if !argument.get_action().takes_values() {
            return argument;
        }
        let variable = argument.get_id().as_str().to_ascii_uppercase();
        let named = with_variable(argument, &variable);
        match environment(&variable) {
            Some(value) => named.default_value(clap::builder::OsStr::from(value)),
            None => named,
        }
    })
}

/// Names the variable in both help texts of its flag.
fn with_variable(argument: Arg, variable: &str) -> Arg {
    let Some(short) = argument.get_help().map(ToString::to_string) else { return argument };
    let long = argument.get_long_help().map_or_else(|| short.clone(), ToString::to_string);
    argument
        .help(format!("{short} [env: {variable}]"))
        .long_help(format!("{long}\n\n[env: {variable}]"))
}

fn host(text: &str) -> Result<IpAddr, String> {
    if text == "localhost" {
        return Ok(IpAddr::V4(Ipv4Addr::LOCALHOST));
    }
    text.parse().map_err(|_| {
        "HOST is an IP address to listen on, for example 127.0.0.1 or 0.0.0.0, or localhost"
            .to_owned()
    })
}

fn port(text: &str) -> Result<u16, String> {
    text.parse().map_err(|_| "PORT is a whole number from 0 to 65535".to_owned())
}

fn market_seed(text: &str) -> Result<u64, String> {
    text.parse().map_err(|_| format!("MARKET_SEED is a whole number from 0 to {}", u64::MAX))
}

fn heartbeat_interval(text: &str) -> Result<Duration, String> {
    seconds("HEARTBEAT_INTERVAL", text)
}

fn max_connection_lifespan(text: &str) -> Result<Duration, String> {
    seconds("MAX_CONNECTION_LIFESPAN", text)
}

fn bar_broadcaster_interval(text: &str) -> Result<Duration, String> {
    seconds("BAR_BROADCASTER_INTERVAL", text)
}

/// A time in seconds.
pub(crate) fn seconds(variable: &str, text: &str) -> Result<Duration, String> {
    let seconds = text.parse::<f64>().ok().filter(|value| (SHORTEST..=LONGEST).contains(value));
    seconds
        .and_then(|seconds| Duration::try_from_secs_f64(seconds).ok())
        .ok_or_else(|| format!("{variable} is a number of seconds from {SHORTEST} to {LONGEST}"))
}

fn bar_broadcaster_enabled(text: &str) -> Result<bool, String> {
    match text.to_ascii_lowercase().as_str() {
        "true" | "1" | "yes" | "on" => Ok(true),
        "false" | "0" | "no" | "off" => Ok(false),
        _ => {
            Err("BAR_BROADCASTER_ENABLED is true or false (1 or 0, yes or no, on or off)"
                .to_owned())
        }
    }
}

fn bar_broadcaster_symbols(text: &str) -> Result<Symbols, String> {
    let symbols = items("BAR_BROADCASTER_SYMBOLS", "symbols, for example AAPL,MSFT", text)?;
    Ok(Symbols(symbols.into_iter().map(str::to_owned).collect()))
}

fn bar_broadcaster_resolutions(text: &str) -> Result<Resolutions, String> {
    let items = items("BAR_BROADCASTER_RESOLUTIONS", "resolutions, for example 1,5,D", text)?;
    let resolutions = items.into_iter().map(|item| {
        item.parse().map_err(|error| format!("in BAR_BROADCASTER_RESOLUTIONS {error}"))
    });
    resolutions.collect::<Result<_, _>>().map(Resolutions)
}

/// The items of a list, without the white space around them; none may be empty or come twice.
fn items<'a>(variable: &str, accepted: &str, text: &'a str) -> Result<Vec<&'a str>, String> {
    let items: Vec<&str> = text.split(',').map(str::trim).collect();
    let mut known = BTreeSet::new();
    let wrong = |what: &str| {
        format!(
            "{variable} is a list of {accepted}: {what} \
             (to broadcast nothing set BAR_BROADCASTER_ENABLED=false)"
        )
    };
    for item in &items {
        if item.is_empty() {
            return Err(wrong("an item is empty"));
        }
        if !known.insert(*item) {
            return Err(wrong(&format!("`{item}` comes twice")));
        }
    }
    Ok(items)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn read(arguments: &[&str], environment: &[(&str, &str)]) -> Result<Config, clap::Error> {
        let arguments = ["server"].iter().chain(arguments).map(OsString::from);
        Config::read(arguments.collect::<Vec<_>>(), |variable| {
            let set = environment.iter().find(|(name, _)| *name == variable);
            set.map(|(_, value)| OsString::from(value))
        })
    }

    #[test]
    fn the_defaults_are_the_references() {
        let config = read(&[], &[]).unwrap();
        assert_eq!(config.host, IpAddr::V4(Ipv4Addr::LOCALHOST));
        assert_eq!(config.port, 8000);
        assert_eq!(config.heartbeat_interval, Duration::from_secs(30));
        assert_eq!(config.max_connection_lifespan, Duration::from_secs(3600));
        let broadcaster = config.broadcaster().unwrap();
        assert_eq!(broadcaster.interval, Duration::from_secs(2));
        assert_eq!(broadcaster.symbols, ["AAPL", "GOOGL", "MSFT"]);
        assert_eq!(broadcaster.resolutions, [Resolution::Minutes1]);
    }

    #[test]
    fn variables_set_what_the_reference_lets_them_set() {
        let config = read(
            &[],
            &[
                ("BAR_BROADCASTER_INTERVAL", "0.5"),
                ("BAR_BROADCASTER_SYMBOLS", "AAPL, TSLA"),
                ("BAR_BROADCASTER_RESOLUTIONS", "1,5,D"),
                ("HOST", "0.0.0.0"),
                ("PORT", "9000"),
            ],
        )
        .unwrap();
        let broadcaster = config.broadcaster().unwrap();
        assert_eq!(broadcaster.interval, Duration::from_millis(500));
        assert_eq!(broadcaster.symbols, ["AAPL", "TSLA"]);
        let resolutions = [Resolution::Minutes1, Resolution::Minutes5, Resolution::Day];
        assert_eq!(broadcaster.resolutions, resolutions);
        assert_eq!((config.host.to_string().as_str(), config.port), ("0.0.0.0", 9000));
        for off in ["false", "False", "0", "no", "off"] {
            let config = read(&[], &[("BAR_BROADCASTER_ENABLED", off)]).unwrap();
            assert_eq!(config.broadcaster(), None, "{off}");
        }
    }

    #[test]
    fn a_flag_goes_before_its_variable() {
        let environment = [("PORT", "9000"), ("BAR_BROADCASTER_ENABLED", "true")];
        let flags = ["--port", "7000", "--bar-broadcaster-enabled", "false"];
        let config = read(&flags, &environment).unwrap();
        assert_eq!((config.port, config.broadcaster()), (7000, None));
        // So much that a wrong variable does not matter then.
        assert_eq!(read(&["--port=7000"], &[("PORT", "x")]).unwrap().port, 7000);
    }

    #[test]
    fn a_wrong_value_names_variable_value_and_what_is_accepted_and_ends_with_2() {
        for (variable, value, accepted) in [
            ("HOST", "example.org", "HOST is an IP address"),
            ("HOST", "", "HOST is an IP address"),
            ("PORT", "70000", "PORT is a whole number from 0 to 65535"),
            ("PORT", "http", "PORT is a whole number from 0 to 65535"),
            (
                "HEARTBEAT_INTERVAL",
                "0",
                "HEARTBEAT_INTERVAL is a number of seconds from 0.01 to 86400",
            ),
            ("HEARTBEAT_INTERVAL", "30s", "HEARTBEAT_INTERVAL is a number of seconds"),
            ("MAX_CONNECTION_LIFESPAN", "-1", "MAX_CONNECTION_LIFESPAN is a number of seconds"),
            ("MAX_CONNECTION_LIFESPAN", "inf", "MAX_CONNECTION_LIFESPAN is a number of seconds"),
            ("BAR_BROADCASTER_ENABLED", "maybe", "BAR_BROADCASTER_ENABLED is true or false"),
            ("BAR_BROADCASTER_INTERVAL", "NaN", "BAR_BROADCASTER_INTERVAL is a number of seconds"),
            ("BAR_BROADCASTER_SYMBOLS", "AAPL,", "an item is empty"),
            ("BAR_BROADCASTER_SYMBOLS", "", "set BAR_BROADCASTER_ENABLED=false"),
            ("BAR_BROADCASTER_SYMBOLS", "AAPL,AAPL", "`AAPL` comes twice"),
            (
                "BAR_BROADCASTER_RESOLUTIONS",
                "1,7",
                "`7` is no value of Resolution; there are 1, 5, 15",
            ),
            ("BAR_BROADCASTER_RESOLUTIONS", "1,1", "`1` comes twice"),
            ("MARKET_SEED", "-1", "MARKET_SEED is a whole number from 0 to"),
            ("MAX_FRAME_BYTES", "1kB", "MAX_FRAME_BYTES is a number of bytes from 1024"),
            ("MAX_CONNECTIONS", "0", "MAX_CONNECTIONS is a whole number from 1"),
            ("HANDSHAKE_TIMEOUT", "0", "HANDSHAKE_TIMEOUT is a number of seconds"),
        ] {
            let error = read(&[], &[(variable, value)]).unwrap_err();
            assert_eq!(error.exit_code(), 2, "{variable}={value}");
            let message = error.to_string();
            for part in [variable, &format!("'{value}'"), accepted] {
                assert!(message.contains(part), "{variable}={value}: no {part} in {message}");
            }
        }
    }

    #[cfg(unix)]
    #[test]
    fn a_value_that_is_not_text_is_an_error_too() {
        use std::os::unix::ffi::OsStringExt;
        let value = |_: &str| Some(OsString::from_vec(vec![0xff]));
        let error = Config::read([OsString::from("server")], value).unwrap_err();
        assert_eq!(error.exit_code(), 2);
    }

    #[test]
    fn help_lists_every_variable_with_its_default() {
        let error = read(&["--help"], &[("PORT", "9000")]).unwrap_err();
        assert_eq!(error.exit_code(), 0);
        let help = error.to_string();
        for part in [
            "[env: HOST]",
            "[env: PORT]",
            "[env: HEARTBEAT_INTERVAL]",
            "[env: MAX_CONNECTION_LIFESPAN]",
            "[env: BAR_BROADCASTER_ENABLED]",
            "[env: BAR_BROADCASTER_INTERVAL]",
            "[env: BAR_BROADCASTER_SYMBOLS]",
            "[env: BAR_BROADCASTER_RESOLUTIONS]",
            "[env: MARKET_SEED]",
            "[env: MAX_FRAME_BYTES]",
            "[env: MAX_MESSAGE_BYTES]",
            "[env: MAX_JSON_DEPTH]",
            "[env: MAX_QUEUE_BYTES]",
            "[env: MAX_SUBSCRIPTIONS]",
            "[env: MAX_CONNECTIONS]",
            "[env: MAX_HANDSHAKES]",
            "[env: HANDSHAKE_TIMEOUT]",
            "[default: AAPL,GOOGL,MSFT]",
            // What holds here: the variable's value.
            "[default: 9000]",
        ] {
            assert!(help.contains(part), "no {part} in\n{help}");
        }
    }
}
