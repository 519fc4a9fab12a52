//! What reading a frame costs, each way, beside `serde_json`: nanoseconds, and ratios of this run.
//!
//! `cargo run --release -p asyncapi-ws --no-default-features --example json_cost`

use std::hint::black_box;
use std::time::Instant;

use asyncapi_ws_json::check::{Checked, Format, Pattern, Type};
use asyncapi_ws_json::{Decimal, Json, Number, Step, peek};
use serde::Deserialize;

const SUBSCRIBE: &str =
    r#"{"type":"bars.subscribe","payload":{"symbol":"AAPL","params":{"resolution":"1"}}}"#;
const TYPE_LAST: &str =
    r#"{"payload":{"symbol":"AAPL","params":{"resolution":"1"}},"type":"bars.subscribe"}"#;
const UPDATE: &str = r#"{"type":"bars.update","topic":"bars:AAPL:1","payload":{"time":1735689600000,"open":189.7500,"high":190.1200,"low":189.5000,"close":190.0100,"volume":1234567}}"#;
const TYPE: &[Step<'_>] = &[Step::Property("type")];

static SYMBOL: Pattern = Pattern::new("^[A-Z]{1,10}$");
static LOOK_AHEAD: Pattern = Pattern::new("^(?=[A-Z])[A-Z]{1,10}$");

/// As a generator would write it.
fn check(frame: &Json<'_>) -> Checked {
    frame.is(Type::OBJECT)?;
    frame.required(&["type", "payload"])?;
    frame.property("type", |kind| kind.equals_string("bars.subscribe"))?;
    frame.property("payload", |payload| {
        payload.is(Type::OBJECT)?;
        payload.required(&["symbol"])?;
        payload.property("symbol", |symbol| {
            symbol.is(Type::STRING)?;
            symbol.max_length(10)?;
            symbol.pattern(&SYMBOL)
        })?;
        payload.property("params", |params| {
            params.is(Type::OBJECT)?;
            params.property("resolution", |value| value.among_strings(&["1", "5", "15", "1D"]))
        })?;
        payload.closed(&["symbol", "params"], &[])
    })
}

fn check_bar(bar: &Json<'_>) -> Checked {
    const ZERO: Number<'static> = Number::from_static("0");
    const TICK: Number<'static> = Number::from_static("0.0001");
    bar.is(Type::OBJECT)?;
    bar.required(&["time", "open", "high", "low", "close", "volume"])?;
    bar.property("time", |time| time.is(Type::INTEGER))?;
    for price in ["open", "high", "low", "close"] {
        bar.property(price, |price| {
            price.is(Type::NUMBER)?;
            price.minimum(&ZERO)?;
            price.multiple_of(&TICK)
        })?;
    }
    bar.property("volume", |volume| volume.is(Type::INTEGER))
}

#[derive(Deserialize)]
struct Frame<P> {
    r#type: String,
    payload: P,
}

#[derive(Deserialize)]
struct Subscribe {
    symbol: String,
    params: Params,
}

#[derive(Deserialize)]
struct Params {
    resolution: String,
}

#[derive(Deserialize)]
struct Bar<N> {
    time: i64,
    open: N,
    high: N,
    low: N,
    close: N,
    volume: N,
}

fn main() {
    let mut table = Table;
    for (name, text) in [("first", SUBSCRIBE), ("last", TYPE_LAST)] {
        table.row(&format!("peek at `type`, which comes {name}"), || {
            peek(black_box(text), TYPE).is_some()
        });
    }
    let book = book();
    for (name, text) in
        [("subscribe", SUBSCRIBE), ("update", UPDATE), ("book of 200 levels", &book)]
    {
        let theirs = table.row(&format!("{name}: serde_json::Value"), || {
            serde_json::from_str::<serde_json::Value>(black_box(text)).is_ok()
        });
        table
            .row_against(&format!("{name}: Json"), theirs, || Json::parse(black_box(text)).is_ok());
        table.row_against(&format!("{name}: Json, owned"), theirs, || {
            Json::parse(black_box(text)).map(Json::into_owned).is_ok()
        });
    }
    let typed = table.row("subscribe: typed, straight from the text", || {
        let frame = serde_json::from_str::<Frame<Subscribe>>(black_box(SUBSCRIBE));
        frame.is_ok_and(|frame| {
            frame.r#type.len() + frame.payload.symbol.len() + frame.payload.params.resolution.len()
                > 0
        })
    });
    table.row_against("subscribe: typed, through the tree", typed, || {
        let tree = Json::parse(black_box(SUBSCRIBE));
        tree.is_ok_and(|tree| tree.decode::<Frame<Subscribe>>().is_ok())
    });
    let tree = Json::parse(SUBSCRIBE).expect("the frame above is JSON");
    let checked = table.row("subscribe: check", || black_box(&tree).check(check).is_ok());
    table.row_against("subscribe: check as a branch of anyOf", checked, || {
        black_box(&tree).any_of(&[check_bar, check]).is_ok()
    });
    let bar_tree = Json::parse(UPDATE).expect("the frame above is JSON");
    table.row("update: check, bounds and ticks exact", || {
        black_box(&bar_tree).get("payload").is_some_and(|bar| bar.check(check_bar).is_ok())
    });
    let linear = table.row("pattern: linear", || SYMBOL.matches(black_box("GOOGL")).is_some());
    table.row_against("pattern: by backtracking", linear, || {
        LOOK_AHEAD.matches(black_box("GOOGL")).is_some()
    });
    let time = Json::from("2024-02-29T23:59:59.123Z");
    table.row("format: date-time", || Format::DATE_TIME.accepts(black_box(&time)));
    let doubles = table.row("update: typed, prices as doubles", || bar::<f64>(black_box(UPDATE)));
    table.row_against("update: typed, prices as Decimal", doubles, || {
        bar::<Decimal>(black_box(UPDATE))
    });
}

fn bar<N: for<'de> Deserialize<'de>>(text: &str) -> bool {
    serde_json::from_str::<Frame<Bar<N>>>(text).is_ok_and(|frame| {
        let Bar { time, open, high, low, close, volume } = frame.payload;
        black_box((open, high, low, close, volume));
        time > 0
    })
}

fn book() -> String {
    let levels: Vec<_> = (0..200).map(|n| format!(r#"["{}.25",{n}.5]"#, 100 + n)).collect();
    format!(r#"{{"type":"orderbook.snapshot","payload":{{"bids":[{}]}}}}"#, levels.join(","))
}

/// What is printed, row by row.
struct Table;

impl Table {
    fn row(&mut self, name: &str, work: impl FnMut() -> bool) -> f64 {
        let cost = measure(work);
        println!("{name:<45} {cost:>9.1} ns");
        cost
    }

    fn row_against(&mut self, name: &str, other: f64, work: impl FnMut() -> bool) {
        let cost = measure(work);
        println!("{name:<45} {cost:>9.1} ns   × {:.2}", cost / other);
    }
}

/// The median of eleven rounds, in nanoseconds a call.
fn measure(mut work: impl FnMut() -> bool) -> f64 {
    let mut calls = 1_u32;
    loop {
        let start = Instant::now();
        for _ in 0..calls {
            black_box(work());
        }
        if start.elapsed().as_millis() >= 10 {
            break;
        }
        calls *= 2;
    }
    let mut rounds = [0.0; 11];
    for round in &mut rounds {
        let start = Instant::now();
        for _ in 0..calls {
            black_box(work());
        }
        *round = start.elapsed().as_nanos() as f64 / f64::from(calls);
    }
    rounds.sort_by(f64::total_cmp);
    rounds[rounds.len() / 2]
}
