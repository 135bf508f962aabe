"""The server and the body of a binding request, without any work: what the framework costs."""

import json

from fastapi import FastAPI
from starlette.responses import JSONResponse

from central.applications.schemas import Order
from central.idempotency import Key
from central.server import Server, listen, outlive_signals

app = FastAPI()


@app.post("/v1/applications")
def post(key: Key, order: Order) -> JSONResponse:
    """Take it, and forget it."""
    return JSONResponse({"voucher_no": key, "window": order.bank}, 201)


if __name__ == "__main__":
    with listen("127.0.0.1", 0) as socket:
        outlive_signals()
        Server(app, socket, lambda url: print(json.dumps({"url": url}), flush=True)).run()
