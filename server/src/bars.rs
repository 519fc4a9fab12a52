//! The bars channel: what the server does with its operations, and how bars are published.
//!
//! Subscribing and unsubscribing are as the contract says, so there is nothing to write.

use asyncapi_ws::hub::PublishError;

use crate::api::{Bar, BarsTopic, TradingHandler, TradingHub};
use crate::broadcaster::BarPublisher;

/// The handler of the trading channel.
#[derive(Clone, Copy, Debug, Default)]
pub struct Trading;

impl TradingHandler for Trading {
    type State = ();
}

impl BarPublisher for TradingHub {
    type Error = PublishError;

    fn has_subscribers(&self, topic: &BarsTopic) -> bool {
        TradingHub::has_subscribers(self, topic)
    }

    fn publish(&self, topic: &BarsTopic, bar: &Bar) -> Result<(), PublishError> {
        TradingHub::publish(self, topic, bar).map(drop)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::api::{
        BarsSubscriptionParams, BarsSubscriptionRequest, Resolution, SubscriptionResponse,
        SubscriptionStatus, Trading as Channel, TradingReceived, TradingSent,
    };
    use asyncapi_ws::testing::{TestChannel, TestClient};
    use std::time::Duration;

    fn serve() -> TestChannel<Channel> {
        TestChannel::serve(Channel::endpoint(Trading))
    }

    fn topic(symbol: &str, resolution: Resolution) -> BarsTopic {
        BarsTopic { symbol: symbol.to_owned(), resolution }
    }

    fn request(topic: &BarsTopic) -> BarsSubscriptionRequest {
        let params = BarsSubscriptionParams { resolution: Some(topic.resolution) };
        BarsSubscriptionRequest { symbol: topic.symbol.clone(), params: Some(params) }
    }

    fn granted(message: String, topic: &BarsTopic) -> SubscriptionResponse {
        SubscriptionResponse {
            status: SubscriptionStatus::Ok,
            symbol: topic.symbol.clone(),
            message,
            topic: topic.to_string(),
        }
    }

    async fn subscribe(client: &mut TestClient<Channel>, topic: &BarsTopic) {
        client.send(TradingReceived::BarsSubscribe(request(topic))).await.unwrap();
        let reply = granted(format!("Subscribed to {}", topic.symbol), topic);
        assert_eq!(client.next().await.unwrap(), TradingSent::BarsSubscribeResponse(reply));
    }

    fn bar(close: f64) -> Bar {
        Bar { time: 1_708_905_600_000, open: 150.0, high: 160.0, low: 149.5, close, volume: 7 }
    }

    #[tokio::test]
    async fn bars_of_a_topic_come_from_its_subscribe_to_its_unsubscribe() {
        let trading = serve();
        let mut client = trading.connect().await.unwrap();
        let (minutes, days) = (topic("AAPL", Resolution::Minutes1), topic("AAPL", Resolution::Day));
        subscribe(&mut client, &minutes).await;

        trading.hub().publish(&days, &bar(1.0)).unwrap();
        trading.hub().publish(&minutes, &bar(155.5)).unwrap();
        let push = client.next_envelope().await.unwrap();
        assert_eq!(push.message, TradingSent::BarsUpdate(bar(155.5)));
        assert_eq!(push.topic.as_deref(), Some("bars:AAPL:1"));

        client.send(TradingReceived::BarsUnsubscribe(request(&minutes))).await.unwrap();
        let reply = granted("Unsubscribed from AAPL".to_owned(), &minutes);
        assert_eq!(client.next().await.unwrap(), TradingSent::BarsUnsubscribeResponse(reply));
        assert!(!trading.hub().has_subscribers(&minutes));
        trading.hub().publish(&minutes, &bar(156.0)).unwrap();
        assert_eq!(client.received().await.unwrap(), []);
    }

    #[tokio::test]
    async fn a_reply_repeats_the_id_of_its_request() {
        let trading = serve();
        let mut client = trading.connect().await.unwrap();
        let wanted = TradingReceived::BarsSubscribe(request(&topic("AAPL", Resolution::Day)));
        client.request("a-7", wanted.clone()).await.unwrap();
        client.request(7, wanted).await.unwrap();
        for id in ["\"a-7\"", "7"] {
            let reply = client.next_envelope().await.unwrap();
            assert_eq!(reply.id.map(|id| id.to_string()).as_deref(), Some(id));
        }
    }

    #[tokio::test]
    async fn clients_of_both_codecs_get_the_same_bars() {
        let trading = serve();
        let topic = topic("AAPL", Resolution::Minutes5);
        let mut clients = [
            trading.connect().await.unwrap(),
            trading.connect_as("trading.v1").await.unwrap(),
            trading.connect_as("trading.v1.msgpack").await.unwrap(),
        ];
        for client in &mut clients {
            subscribe(client, &topic).await;
        }
        assert_eq!(trading.hub().publish(&topic, &bar(150.25)), Ok(3));
        for client in &mut clients {
            assert_eq!(client.received().await.unwrap(), [TradingSent::BarsUpdate(bar(150.25))]);
        }
    }

    #[tokio::test]
    async fn a_client_that_says_nothing_is_told_the_reference_services_words() {
        let trading = serve();
        let mut client = trading.connect().await.unwrap();
        trading.advance(Duration::from_secs(29)).await;
        assert_eq!(client.received().await.unwrap(), []);
        trading.advance(Duration::from_secs(1)).await;
        let reason = client.closed().await.unwrap();
        let text = "Connection timed out. Heartbeat interval 30.0. Max connection lifespan 3600.0";
        assert_eq!((reason.code.get(), &*reason.text), (1003, text));
    }
}
