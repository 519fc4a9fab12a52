import { connect } from "./api/index.js";

const client = connect({ url: "ws://127.0.0.1:8000" });
client.room.subscribe({ room: "rust" }).on((said) => console.log(said.text));
await client.say({ room: "rust", text: "Hello!" });
