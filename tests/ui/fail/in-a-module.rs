// The macro stands in a module, and others use what it would have given.

mod api {
    asyncapi_ws::contract!("contracts/malformed.yaml");
}

use api::{Feed, FeedHandler, Order, Receipt};

struct Service;

impl FeedHandler for Service {
    type State = ();

    async fn order(
        &self,
        _: &api::FeedSession,
        order: Order,
    ) -> Result<Receipt, asyncapi_ws::Refusal> {
        Ok(Receipt { id: order.symbol.len() as i64 })
    }
}

fn main() {
    let _: asyncapi_ws::Endpoint<Feed> = api::Feed::endpoint(Service);
}
