//! What the contract says, as Rust: payload types, topics, the handler trait and the router.

asyncapi_ws::contract!("../asyncapi.yaml");
