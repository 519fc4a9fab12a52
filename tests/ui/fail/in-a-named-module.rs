// The macro makes a module, and others use what it would have given.

asyncapi_ws::contract!("contracts/unresolved.yaml", module = api);

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
