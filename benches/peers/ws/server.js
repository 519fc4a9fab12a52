// The `ws` package on Node, as its manual writes a broadcast: a set of sockets for each topic.
// `node server.js PORT RATE TOPICS`
import { WebSocketServer } from "ws";

const [port, rate, count] = process.argv.slice(2).map(Number);
const topics = new Map(
  Array.from({ length: Math.max(count, 1) }, (_, n) => [`bars:SYM${n}:1`, new Set()]),
);

new WebSocketServer({ host: "127.0.0.1", port, perMessageDeflate: false }).on("connection", (socket) => {
  const mine = new Set();
  socket.on("message", (data) => {
    const { type, payload } = JSON.parse(data);
    const topic = `bars:${payload.symbol}:1`;
    const on = type === "bars.subscribe";
    if (on) mine.add(topic);
    else mine.delete(topic);
    topics.get(topic)?.[on ? "add" : "delete"](socket);
    socket.send(
      JSON.stringify({
        type: `${type}.response`,
        payload: {
          status: "ok",
          symbol: payload.symbol,
          message: `${on ? "Subscribed to" : "Unsubscribed from"} ${payload.symbol}`,
          topic,
        },
      }),
    );
  });
  socket.on("close", () => mine.forEach((topic) => topics.get(topic)?.delete(socket)));
});

// Until standard input ends: by then all clients are there.
process.stdin.resume().on("end", () => {
  if (rate <= 0) return;
  const names = [...topics.keys()];
  const start = process.hrtime.bigint();
  const started = BigInt(Date.now()) * 1000000n;
  let sent = 0;
  setInterval(() => {
    const due = Math.floor((Number(process.hrtime.bigint() - start) / 1e9) * rate);
    for (; sent < due; sent++) {
      const topic = names[sent % names.length];
      const time = String(started + BigInt(Math.round(((sent + 1) / rate) * 1e9))).padStart(19, "0");
      const text = `{"type":"bars.update","payload":{"time":${time},"open":150.0,"high":151.0,"low":149.5,"close":150.5,"volume":1000000},"topic":"${topic}"}`;
      for (const socket of topics.get(topic)) socket.send(text);
    }
  }, 1);
});
