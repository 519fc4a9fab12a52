//! What it costs to read a frame: generated code, which validates, beside the struct that one would
//! write by hand for serde, which does not.

use crate::{api, work::Figures};
use asyncapi_ws::codegen::v1::{self, Codec, Inbound};
use std::{hint::black_box, io, time::Instant};

/// By hand, for the same data.
mod bare {
    use serde::Deserialize;

    #[derive(Deserialize)]
    pub(super) struct Frame<'a, T> {
        pub(super) r#type: &'a str,
        pub(super) payload: T,
        pub(super) topic: Option<String>,
    }

    #[derive(Deserialize)]
    pub(super) struct Subscribe {
        pub(super) symbol: String,
        pub(super) params: Option<Params>,
    }

    #[derive(Deserialize)]
    pub(super) struct Params {
        pub(super) resolution: Option<Resolution>,
    }

    #[derive(Deserialize)]
    pub(super) enum Resolution {
        #[serde(rename = "1")]
        Minutes1,
        #[serde(rename = "5")]
        Minutes5,
        #[serde(rename = "15")]
        Minutes15,
        #[serde(rename = "30")]
        Minutes30,
        #[serde(rename = "60")]
        Minutes60,
        D,
        W,
        M,
    }

    #[derive(Deserialize)]
    pub(super) struct Bar {
        pub(super) time: i64,
        pub(super) open: f64,
        pub(super) high: f64,
        pub(super) low: f64,
        pub(super) close: f64,
        pub(super) volume: i64,
    }
}

const SUBSCRIBE: &str =
    r#"{"type":"bars.subscribe","payload":{"symbol":"AAPL","params":{"resolution":"1"}}}"#;

/// As the server gets it.
pub(crate) fn subscribe(by_hand: bool) -> io::Result<Figures> {
    if by_hand {
        return time(SUBSCRIBE, |text| {
            let frame: bare::Frame<'_, bare::Subscribe> = serde_json::from_str(text).ok()?;
            let bare::Subscribe { symbol, params } = frame.payload;
            let resolution = params.and_then(|params| params.resolution);
            Some((frame.r#type.len(), symbol, resolution))
        });
    }
    time(SUBSCRIBE, |text| {
        v1::incoming::<api::TradingReceived>(Codec::Json, Inbound::Text(text)).ok()
    })
}

/// As a client gets it.
pub(crate) fn update(by_hand: bool) -> io::Result<Figures> {
    let mut text = Vec::new();
    benches::push("bars:AAPL:1", benches::nanoseconds(), &mut text);
    let text = String::from_utf8(text).map_err(io::Error::other)?;
    if by_hand {
        return time(&text, |text| {
            let frame: bare::Frame<'_, bare::Bar> = serde_json::from_str(text).ok()?;
            let bare::Bar { time, open, high, low, close, volume } = frame.payload;
            Some((frame.r#type.len(), frame.topic, time, [open, high, low, close], volume))
        });
    }
    time(&text, |text| v1::incoming::<api::TradingSent>(Codec::Json, Inbound::Text(text)).ok())
}

/// The least of many batches: what interferes only adds.
fn time<T>(text: &str, read: impl Fn(&str) -> Option<T>) -> io::Result<Figures> {
    const BATCH: u32 = 2000;
    if read(text).is_none() {
        return Err(io::Error::other(format!("not read: {text}")));
    }
    let mut least = f64::INFINITY;
    for _ in 0..200 {
        let began = Instant::now();
        for _ in 0..BATCH {
            black_box(read(black_box(text)));
        }
        least = least.min(began.elapsed().as_nanos() as f64 / f64::from(BATCH));
    }
    Ok(Figures::from([("ns/frame", least)]))
}
