// The README's example: rooms that people talk in.

use asyncapi_ws::Refusal;

asyncapi_ws::contract!("asyncapi.yaml");

struct Rooms;

impl ChatHandler for Rooms {
    type State = ();

    async fn say(&self, session: &ChatSession, Say { room, text }: Say) -> Result<(), Refusal> {
        let topic = RoomTopic { room: room.clone() };
        session.hub().publish(&topic, &Said { room, text })?;
        Ok(())
    }
}

#[tokio::main]
async fn main() -> std::io::Result<()> {
    let listener = tokio::net::TcpListener::bind("127.0.0.1:8000").await?;
    axum::serve(listener, Chat::router(Rooms)).await
}
