fn main() {
    asyncapi_ws_build::configure().compile("asyncapi.yaml").unwrap_or_else(|error| error.exit());
}
