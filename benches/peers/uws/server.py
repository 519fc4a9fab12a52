"""uWebSockets, through socketify: its C++ event loop and its publish, with Python for the handlers.

`server.py PORT RATE TOPICS`, with the interpreter that setup.sh made. The loop is libuv's own, not
socketify's, which spins; one timer publishes; nothing is compressed.
"""
import json
import sys
import threading
import time

from socketify import App, OpCode

PORT, RATE, TOPICS = int(sys.argv[1]), float(sys.argv[2]), max(int(sys.argv[3]), 1)

app = App()


def message(ws, text, opcode):
    request = json.loads(text)
    kind, symbol = request["type"], request["payload"]["symbol"]
    topic = f"bars:{symbol}:1"
    if kind == "bars.subscribe":
        ws.subscribe(topic)
        done = f"Subscribed to {symbol}"
    else:
        ws.unsubscribe(topic)
        done = f"Unsubscribed from {symbol}"
    payload = {"status": "ok", "symbol": symbol, "message": done, "topic": topic}
    ws.send(json.dumps({"type": f"{kind}.response", "payload": payload}), OpCode.TEXT)


app.ws(
    "/api/v1/ws",
    {
        "compression": 0,
        "idle_timeout": 0,
        "max_backpressure": 1 << 20,
        "message": message,
    },
)
app.listen({"host": "127.0.0.1", "port": PORT}, lambda config: None)

start, started, sent = None, 0, 0
all_there = threading.Event()


def publish(_):
    global start, started, sent
    if not all_there.is_set():
        return
    if start is None:
        start, started = time.perf_counter(), time.time_ns()
    due = int((time.perf_counter() - start) * RATE)
    while sent < due:
        topic = f"bars:SYM{sent % TOPICS}:1"
        sent += 1
        due_at = started + int(sent / RATE * 1e9)
        app.publish(
            topic,
            f'{{"type":"bars.update","payload":{{"time":{due_at:019},"open":150.0,"high":151.0,'
            f'"low":149.5,"close":150.5,"volume":1000000}},"topic":"{topic}"}}',
            OpCode.TEXT,
            False,
        )


def wait():
    sys.stdin.read()
    all_there.set()


threading.Thread(target=wait, daemon=True).start()
timer = app.loop.uv_loop.create_timer(1, 1, publish, None) if RATE > 0 else None
app.loop.uv_loop.run()
