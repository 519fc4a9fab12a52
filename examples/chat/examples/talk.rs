//! The client in Rust: joins a room, says something, and hears what is said (`cargo run -p chat --example talk`).

use asyncapi_ws::client::ClientError;

asyncapi_ws::contract!("asyncapi.yaml", side = client);

#[tokio::main]
async fn main() -> Result<(), ClientError> {
    let client = ChatClient::connect("ws://127.0.0.1:8000")?;
    let mut room = client.room().subscribe(RoomTopic { room: "rust".to_owned() });
    room.ready().await?;
    client.say(Say { room: "rust".to_owned(), text: "Hello!".to_owned() }).await?;
    while let Some(said) = room.next().await {
        println!("{}", said?.text);
    }
    Ok(())
}
