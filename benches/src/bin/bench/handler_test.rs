//! What a test of a handler costs that stands on `asyncapi_ws::testing`.

use crate::{
    api::{
        Bar, BarsSubscriptionRequest, BarsTopic, Resolution, Trading, TradingHandler,
        TradingReceived, TradingSent,
    },
    work::Figures,
};
use asyncapi_ws::testing::TestChannel;
use std::{error::Error, io, time::Instant};

struct Bars;

impl TradingHandler for Bars {
    type State = ();
}

/// Serves, connects, subscribes, publishes, receives, and drops all of it.
async fn whole_test() -> Result<(), Box<dyn Error>> {
    let trading = TestChannel::<Trading>::serve(Trading::endpoint(Bars));
    let mut client = trading.connect().await?;
    let wanted = BarsSubscriptionRequest { symbol: "AAPL".to_owned(), params: None };
    client.send(TradingReceived::BarsSubscribe(wanted)).await?;
    let TradingSent::BarsSubscribeResponse(_) = client.next().await? else {
        return Err("no reply".into());
    };
    let topic = BarsTopic { symbol: "AAPL".to_owned(), resolution: Resolution::Minutes1 };
    let bar = Bar { time: 0, open: 1.0, high: 1.0, low: 1.0, close: 1.0, volume: 1 };
    trading.hub().publish(&topic, &bar)?;
    match client.next().await? {
        TradingSent::BarsUpdate(_) => Ok(()),
        other => Err(format!("no push, but {other:?}").into()),
    }
}

/// The median of many, each in a runtime of its own as `#[tokio::test]` has it.
pub(crate) fn handler_test() -> io::Result<Figures> {
    let mut times = Vec::new();
    for _ in 0..501 {
        let began = Instant::now();
        let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build()?;
        runtime.block_on(whole_test()).map_err(|error| io::Error::other(error.to_string()))?;
        drop(runtime);
        times.push(began.elapsed());
    }
    let middle = times.len() / 2;
    let median = *times.select_nth_unstable(middle).1;
    Ok(Figures::from([("µs/test", median.as_secs_f64() * 1e6)]))
}
