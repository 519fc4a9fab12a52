//! A service, by the macro and by the build script.

asyncapi_ws::contract!("asyncapi.yaml", module = api);

pub mod built {
    include!(concat!(env!("OUT_DIR"), "/asyncapi.rs"));
}

macro_rules! service {
    ($name:ident, $api:ident) => {
        pub struct $name;

        impl $api::FeedHandler for $name {
            type State = ();

            async fn order(
                &self,
                _: &$api::FeedSession,
                order: $api::Order,
            ) -> Result<$api::Receipt, asyncapi_ws::Refusal> {
                Ok($api::Receipt { id: order.symbol.len() as i64 })
            }

            async fn cancel(
                &self,
                _: &$api::FeedSession,
                _: $api::Order,
            ) -> Result<(), asyncapi_ws::Refusal> {
                Ok(())
            }
        }
    };
}

service!(ByMacro, api);
service!(ByScript, built);
