"""FastWS 0.1.7 on uvicorn: the stack that the trading API had.

`server.py PORT RATE TOPICS`, with the interpreter that tests/fastws/setup.sh made.
"""
import asyncio
import sys
import time
from contextlib import asynccontextmanager
from typing import Annotated

import uvicorn
from fastapi import Depends, FastAPI
from fastws import Client, FastWS, Message, OperationRouter
from pydantic import BaseModel

PORT, RATE, TOPICS = int(sys.argv[1]), float(sys.argv[2]), max(int(sys.argv[3]), 1)


class Params(BaseModel):
    resolution: str = "1"


class Request(BaseModel):
    symbol: str
    params: Params = Params()


class Response(BaseModel):
    status: str
    symbol: str
    message: str
    topic: str


class Bar(BaseModel):
    time: int
    open: float
    high: float
    low: float
    close: float
    volume: int


router = OperationRouter(prefix="bars.")


@router.send("subscribe", reply="subscribe.response")
async def subscribe(payload: Request, client: Client) -> Response:
    topic = f"bars:{payload.symbol}:{payload.params.resolution}"
    client.subscribe(topic)
    return Response(status="ok", symbol=payload.symbol, message=f"Subscribed to {payload.symbol}", topic=topic)


@router.send("unsubscribe", reply="unsubscribe.response")
async def unsubscribe(payload: Request, client: Client) -> Response:
    topic = f"bars:{payload.symbol}:{payload.params.resolution}"
    client.unsubscribe(topic)
    return Response(status="ok", symbol=payload.symbol, message=f"Unsubscribed from {payload.symbol}", topic=topic)


@router.recv("update")
async def update(payload: Bar) -> Bar:
    return payload


service = FastWS(title="bench", version="1")
service.include_router(router)


async def publish():
    # Until standard input ends: by then all clients are there.
    await asyncio.to_thread(sys.stdin.read)
    start, started, sent = time.perf_counter(), time.time_ns(), 0
    while RATE > 0:
        due = int((time.perf_counter() - start) * RATE)
        while sent < due:
            topic = f"bars:SYM{sent % TOPICS}:1"
            sent += 1
            bar = Bar(time=started + int(sent / RATE * 1e9), open=150.0, high=151.0, low=149.5, close=150.5, volume=1000000)
            await service.server_send(Message(type="bars.update", payload=bar.model_dump()), topic=topic)
        await asyncio.sleep(0.001)


@asynccontextmanager
async def lifespan(app: FastAPI):
    service.setup(app)
    task = asyncio.create_task(publish())
    yield
    task.cancel()


app = FastAPI(lifespan=lifespan)


@app.websocket("/api/v1/ws")
async def websocket(client: Annotated[Client, Depends(service.manage)]):
    await service.serve(client)


uvicorn.run(app, host="127.0.0.1", port=PORT, log_level="error", ws_max_queue=1024)
