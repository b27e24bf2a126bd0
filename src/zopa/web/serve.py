"""Starting the workbench: a socket, on this machine alone unless asked otherwise, the link with its token, and the
server until Ctrl-C."""

import errno
import socket
import sys
import webbrowser
from dataclasses import dataclass
from ipaddress import ip_address

from zopa.case.case import DRAWS
from zopa.errors import CaseFileError, Place
from zopa.web.app import Workbench, application
from zopa.web.desk import Desk
from zopa.web.guard import TOKEN, Keys
from zopa.web.password import Password
from zopa.web.runs import Runs

LOOPBACK = "127.0.0.1"
ANY = frozenset({"0.0.0.0", "::"})
"""Not one address but all of this machine's."""
PORT = 8620
"""The first port that is tried where none is asked for; the next free one serves as well."""
TRIES = 20


@dataclass(frozen=True)
class Door:
    """Where the workbench listens, the names it answers to there, and the password it asks for."""

    host: str = LOOPBACK
    names: tuple[str, ...] = ()
    """Names under which others reach it, such as that of a machine in front of it that encrypts."""
    password: Password | None = None

    @property
    def open(self) -> bool:
        """Whether other machines may reach it."""
        return not inward(self.host)


def inward(host: str) -> bool:
    """Whether an address is this machine's own, which no other machine reaches."""
    try:
        return host == "localhost" or ip_address(host).is_loopback
    except ValueError:
        return False


def listening(port: int | None, host: str = LOOPBACK) -> socket.socket:
    """A socket at an address: at this port, or at the first free one; ``CaseFileError`` if it is taken, or the address
    is not this machine's."""
    wanted = [*range(PORT, PORT + TRIES), 0] if port is None else [port]
    family = socket.AF_INET6 if ":" in host else socket.AF_INET
    for number in wanted:
        made = socket.socket(family, socket.SOCK_STREAM)
        made.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            made.bind((host, number))
            made.listen(128)
        except OSError as error:
            made.close()
            if isinstance(error, socket.gaierror) or error.errno == errno.EADDRNOTAVAIL:
                raise CaseFileError.of("host-foreign", Place(), host=host) from None
            continue
        return made
    raise CaseFileError.of("port-taken", Place(), port=port)


def keys_for(port: int, door: Door | None = None) -> Keys:
    """The keys of a server at a port, which answers to its own address and to the names it was given."""
    door = door or Door()
    own = {LOOPBACK, "localhost"} if door.host in ANY or not door.open else set()
    own |= set() if door.host in ANY else {door.host}
    named = {name.lower() for name in door.names}
    hosts = {f"{_bracketed(name)}:{port}" for name in own | named}
    # Whoever encrypts in front of this server stands at the usual port, which browsers do not write.
    return Keys(frozenset(hosts | named), port, frozenset(named), door.password)


def _bracketed(host: str) -> str:
    return f"[{host.lower()}]" if ":" in host else host.lower()


def serve(
    desk: Desk, *, port: int | None, browser: bool, author: str, draws: int = DRAWS, door: Door | None = None
) -> None:
    """Serve a case until the process is told to stop; the link stands on standard output at once."""
    import uvicorn

    door = door or Door()
    if door.open and door.password is None:
        raise ValueError("serve: a workbench that others reach needs a password")
    made = listening(port, door.host)
    number = made.getsockname()[1]
    keys = keys_for(number, door)
    bench = Workbench(desk, Runs(), keys, author, draws)
    config = uvicorn.Config(
        application(bench), log_level="warning", access_log=False, server_header=False, date_header=False,
        timeout_graceful_shutdown=2, ws="none", proxy_headers=False,
    )  # fmt: skip
    here = LOOPBACK if door.host in ANY else _bracketed(door.host)
    link = f"http://{here}:{number}/?{TOKEN}={keys.token}"
    sys.stdout.write(f"{link}\n")
    sys.stdout.flush()
    if browser:
        webbrowser.open(link)
    try:
        uvicorn.Server(config).run(sockets=[made])
    finally:
        bench.runs.close()
        made.close()
