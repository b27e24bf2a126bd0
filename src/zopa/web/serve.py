"""Starting the workbench: a socket on this machine alone, the link with its token, and the server until Ctrl-C."""

import socket
import sys
import webbrowser

from zopa.case.case import DRAWS
from zopa.errors import CaseFileError, Place
from zopa.web.app import Workbench, application
from zopa.web.desk import Desk
from zopa.web.guard import TOKEN, Keys
from zopa.web.runs import Runs

LOOPBACK = "127.0.0.1"
PORT = 8620
"""The first port that is tried where none is asked for; the next free one serves as well."""
TRIES = 20


def listening(port: int | None) -> socket.socket:
    """A socket on the loopback address: at this port, or at the first free one; ``CaseFileError`` if it is taken."""
    wanted = [*range(PORT, PORT + TRIES), 0] if port is None else [port]
    for number in wanted:
        made = socket.socket(socket.AF_INET, socket.SOCK_STREAM)
        made.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            made.bind((LOOPBACK, number))
            made.listen(128)
        except OSError:
            made.close()
            continue
        return made
    raise CaseFileError.of("port-taken", Place(), port=port)


def keys_for(port: int) -> Keys:
    """The keys of a server at a port, which answers to the names of this machine's own address."""
    return Keys(frozenset(f"{name}:{port}" for name in (LOOPBACK, "localhost")), port)


def serve(desk: Desk, *, port: int | None, browser: bool, author: str, draws: int = DRAWS) -> None:
    """Serve a case until the process is told to stop; the link stands on standard output at once."""
    import uvicorn

    door = listening(port)
    number = door.getsockname()[1]
    keys = keys_for(number)
    bench = Workbench(desk, Runs(), keys, author, draws)
    config = uvicorn.Config(
        application(bench), log_level="warning", access_log=False, server_header=False, date_header=False,
        timeout_graceful_shutdown=2, ws="none", proxy_headers=False,
    )  # fmt: skip
    link = f"http://{LOOPBACK}:{number}/?{TOKEN}={keys.token}"
    sys.stdout.write(f"{link}\n")
    sys.stdout.flush()
    if browser:
        webbrowser.open(link)
    try:
        uvicorn.Server(config).run(sockets=[door])
    finally:
        bench.runs.close()
        door.close()
