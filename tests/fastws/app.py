"""The reference's service, on FastWS 0.1.7: the peer that our server is compared with.

What the reference document shows stands here as it shows it: `FastWSAdapter`, the models of
`common.py`, the bars router, the endpoint and the bar broadcaster. Where it only names a thing
(`mock_last_bar`, the bodies of the handlers), the plainest reading is taken and marked.

    python app.py              serves until stopped
    python app.py --asyncapi   prints the AsyncAPI document and ends

Environment, with the same names as our own server, so that one setting starts both:

    HOST, PORT                    where to listen (127.0.0.1, 8000)
    HEARTBEAT_INTERVAL            seconds a client may be silent (30.0)
    MAX_CONNECTION_LIFESPAN       seconds a connection may last (3600.0)
    BAR_BROADCASTER_ENABLED, _INTERVAL, _SYMBOLS, _RESOLUTIONS   (true, 2.0, AAPL,GOOGL,MSFT, 1)

and two that only this program knows:

    PEER_PARAMS=untyped           takes `params` as a plain dict, see `common.py` below
    PEER_ENDS_WITH_STDIN=1        ends when standard input is closed, so that a killed test leaves
                                  no server behind

For tests there are two routes that the reference does not have: `POST /test/publish` puts a message
on a topic and answers how many clients were subscribed, `GET /test/subscribers?topic=…` counts them.
"""

import asyncio
import json
import os
import random
import sys
import threading
import time
from contextlib import asynccontextmanager, suppress
from typing import Annotated, Any, Literal

import uvicorn
from fastapi import Depends, FastAPI, Request
from fastapi.responses import JSONResponse
from fastws import Client, FastWS, Message, OperationRouter
from pydantic import BaseModel, Field

# --- ws/common.py --------------------------------------------------------------------------------


class SubscriptionParams(BaseModel):
    resolution: str = "1"


class SubscriptionRequest(BaseModel):
    symbol: str
    params: SubscriptionParams = Field(default_factory=SubscriptionParams)


if os.environ.get("PEER_PARAMS") == "untyped":
    # The document gives `params.resolution` a type and a default but does not show the model. The
    # published history of that project says that `params` was a plain dict at the time, which
    # shows on the wire only for a resolution that is not a string (BEHAVIOUR.md, last section).
    class SubscriptionRequest(BaseModel):  # noqa: F811
        symbol: str
        params: dict[str, Any] = Field(default_factory=dict)


class SubscriptionResponse(BaseModel):
    status: Literal["ok", "error"]
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


# --- plugins/fastws_adapter.py -------------------------------------------------------------------


class FastWSAdapter(FastWS):
    """Self-contained WebSocket adapter with embedded endpoint"""

    async def publish(
        self, topic: str, data: BaseModel, message_type: str = "bars.update"
    ) -> None:
        """broadcast data update to all subscribed clients"""
        message = Message(type=message_type, payload=data.model_dump())
        await self.server_send(message, topic=topic)

    def subscribers(self, topic: str) -> int:
        return sum(topic in client.topics for client in self.connections.values())


# --- ws/datafeed.py ------------------------------------------------------------------------------

router = OperationRouter(prefix="bars.", tags=["datafeed"])


def bars_topic_builder(symbol: str, params: SubscriptionParams | dict[str, Any]) -> str:
    resolution = params.get("resolution", "1") if isinstance(params, dict) else params.resolution
    return f"bars:{symbol}:{resolution}"


@router.send("subscribe", reply="subscribe.response")
async def send_subscribe(payload: SubscriptionRequest, client: Client) -> SubscriptionResponse:
    """Subscribe to real-time bar updates"""
    topic = bars_topic_builder(payload.symbol, payload.params)
    client.subscribe(topic)
    return SubscriptionResponse(
        status="ok", symbol=payload.symbol, message=f"Subscribed to {payload.symbol}", topic=topic
    )


@router.send("unsubscribe", reply="unsubscribe.response")
async def send_unsubscribe(payload: SubscriptionRequest, client: Client) -> SubscriptionResponse:
    """Unsubscribe from bar updates"""
    topic = bars_topic_builder(payload.symbol, payload.params)
    client.unsubscribe(topic)
    return SubscriptionResponse(
        status="ok",
        symbol=payload.symbol,
        message=f"Unsubscribed from {payload.symbol}",
        topic=topic,
    )


@router.recv("update")
async def update(payload: Bar) -> Bar:
    """Broadcast data updates to subscribed clients"""
    return payload


# --- services/bar_broadcaster.py -----------------------------------------------------------------


def mock_last_bar() -> Bar:
    """Plainest reading: one minute's bar around a fixed price."""
    close = round(random.uniform(149.0, 151.0), 2)
    return Bar(
        time=int(time.time()) // 60 * 60_000,
        open=150.0,
        high=max(150.0, close),
        low=min(150.0, close),
        close=close,
        volume=random.randint(1, 1_000_000),
    )


class BarBroadcaster:
    def __init__(self, adapter: FastWSAdapter) -> None:
        self.adapter = adapter
        self.interval = float(os.environ.get("BAR_BROADCASTER_INTERVAL", "2.0"))
        self.symbols = os.environ.get("BAR_BROADCASTER_SYMBOLS", "AAPL,GOOGL,MSFT").split(",")
        self.resolutions = os.environ.get("BAR_BROADCASTER_RESOLUTIONS", "1").split(",")
        self.errors = 0

    async def run(self) -> None:
        while True:
            for symbol in self.symbols:
                for resolution in self.resolutions:
                    topic = bars_topic_builder(symbol, {"resolution": resolution})
                    try:
                        if self.adapter.subscribers(topic):
                            await self.adapter.publish(topic=topic, data=mock_last_bar())
                    except Exception as error:
                        # A client that went away while it was sent to: FastWS's task group
                        # cancels the sends that are still under way and raises.
                        self.errors += 1
                        print(f"broadcast on {topic} failed: {error!r}", file=sys.stderr)
            await asyncio.sleep(self.interval)


# --- main.py -------------------------------------------------------------------------------------

wsApp = FastWSAdapter(
    title="Trading WebSockets",
    version="1.0.0",
    heartbeat_interval=float(os.environ.get("HEARTBEAT_INTERVAL", "30.0")),
    max_connection_lifespan=float(os.environ.get("MAX_CONNECTION_LIFESPAN", "3600.0")),
    asyncapi_url="/api/v1/ws/asyncapi.json",
    asyncapi_docs_url="/api/v1/ws/asyncapi",
)
wsApp.include_router(router)


@asynccontextmanager
async def lifespan(_: FastAPI):
    if os.environ.get("BAR_BROADCASTER_ENABLED", "true").lower() != "true":
        yield
        return
    task = asyncio.create_task(BarBroadcaster(wsApp).run())
    yield
    task.cancel()
    with suppress(asyncio.CancelledError):
        await task


apiApp = FastAPI(title="Trading API", lifespan=lifespan)
wsApp.setup(apiApp)


@apiApp.websocket("/api/v1/ws")
async def websocket_endpoint(client: Annotated[Client, Depends(wsApp.manage)]):
    await wsApp.serve(client)


# --- for tests -----------------------------------------------------------------------------------


@apiApp.post("/test/publish", include_in_schema=False)
async def publish(request: Request) -> JSONResponse:
    body = await request.json()
    topic = body["topic"]
    subscribers = wsApp.subscribers(topic)
    await wsApp.publish(topic=topic, data=Bar(**body["payload"]), message_type=body["type"])
    return JSONResponse({"subscribers": subscribers})


@apiApp.get("/test/subscribers", include_in_schema=False)
async def subscribers(topic: str) -> JSONResponse:
    return JSONResponse({"subscribers": wsApp.subscribers(topic)})


def end_with_stdin() -> None:
    while sys.stdin.read(4096):
        pass
    os._exit(0)


if __name__ == "__main__":
    if "--asyncapi" in sys.argv[1:]:
        print(json.dumps(wsApp.asyncapi(), indent=2, ensure_ascii=False))
    else:
        if os.environ.get("PEER_ENDS_WITH_STDIN") == "1":
            threading.Thread(target=end_with_stdin, daemon=True).start()
        uvicorn.run(
            apiApp,
            host=os.environ.get("HOST", "127.0.0.1"),
            port=int(os.environ.get("PORT", "8000")),
        )
