// An option is not known.

asyncapi_ws::contract!("contracts/good.yaml", modul = api);

struct Service;

impl FeedHandler for Service {
    type State = ();

    async fn order(&self, _: &FeedSession, order: Order) -> Result<Receipt, asyncapi_ws::Refusal> {
        Ok(Receipt { id: order.symbol.len() as i64 })
    }
}

fn main() {
    let _: asyncapi_ws::Endpoint<Feed> = Feed::endpoint(Service);
}
