"""This process's Django behind a real port, for clients that need one: a browser, an HTTP library, a notice."""

import threading
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from django.core.servers.basehttp import ThreadedWSGIServer, WSGIRequestHandler
from django.core.wsgi import get_wsgi_application


class _Quiet(WSGIRequestHandler):
    def log_message(self, format: str, *args: Any) -> None:
        """Keep the test report clean."""


@contextmanager
def served(host: str = "127.0.0.1") -> Iterator[str]:
    """Serve the database of the test; yields the address.

    Django's server closes a thread's connections at its end. An application that did so by itself, in a generator's
    `finally`, closed those of whichever thread the collector ran in when a browser had gone in the middle.
    """
    server = ThreadedWSGIServer(("127.0.0.1", 0), _Quiet)
    server.set_app(get_wsgi_application())
    thread = threading.Thread(target=server.serve_forever, daemon=True)
    thread.start()
    try:
        yield f"http://{host}:{server.server_port}"
    finally:
        server.shutdown()
        server.server_close()
        thread.join(5)
