//! The trading contract as an application serves it: generated types, validation and handlers on our
//! runtime. `generated PORT RATE TOPICS`

use asyncapi_ws::serve::serve;
use std::time::Duration;

mod api {
    asyncapi_ws::contract!("../asyncapi.yaml");
}

use api::{Bar, BarsTopic, Resolution, Trading, TradingHandler};

struct Bars;

impl TradingHandler for Bars {
    type State = ();
}

#[tokio::main(flavor = "current_thread")]
async fn main() -> std::io::Result<()> {
    let (port, rate, topics) = benches::arguments();
    let endpoint = Trading::endpoint(Bars);
    let hub = endpoint.hub();
    if rate > 0.0 {
        let hub = hub.clone();
        let topic = |n| BarsTopic { symbol: format!("SYM{n}"), resolution: Resolution::Minutes1 };
        let topics: Vec<BarsTopic> = (0..topics).map(topic).collect();
        std::thread::spawn(move || {
            let mut turn = 0;
            benches::at_rate(rate, |due| {
                for due in due {
                    let topic = &topics[turn % topics.len()];
                    turn += 1;
                    let time = *due as i64;
                    let (open, high, low, close) = (150.0, 151.0, 149.5, 150.5);
                    let bar = Bar { time, open, high, low, close, volume: 1_000_000 };
                    if let Err(error) = hub.publish(topic, &bar) {
                        eprintln!("{error}");
                    }
                }
            })
        });
    }
    let router = endpoint.into_router();
    let listener = tokio::net::TcpListener::bind(("127.0.0.1", port)).await?;
    serve(listener, router, hub.inner(), std::future::pending(), Duration::ZERO).await
}
