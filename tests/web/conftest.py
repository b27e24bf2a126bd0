"""A workbench on the example, and one on a draft of one's own that may be written to."""

import threading
from collections.abc import Iterator
from contextlib import closing
from datetime import date
from pathlib import Path

import httpx
import pytest
import uvicorn

from zopa.case.examples import folder
from zopa.dossier.draft import draft_folder
from zopa.web.app import Workbench, application
from zopa.web.desk import Desk
from zopa.web.runs import Runs
from zopa.web.serve import Door, keys_for, listening

TEXT = """美国和伊朗官员4日确认，将于6日在阿曼首都马斯喀特举行会谈。

伊朗外长阿拉格齐4日说，“铀浓缩的权利不可谈判，
谈判只应涉及核问题。”他警告说，伊朗将对任何袭击作出回应。伊朗拒绝讨论导弹问题。

美国国务卿鲁比奥4日说，会谈必须包括核问题、导弹问题和地区代理人问题。一名不愿具名的美国官员表示，会谈可能取消。
"""


class Client(httpx.Client):
    """A browser's way of asking a server that really listens: one thread, one port, until the test is over."""

    def __init__(self, desk: Desk, runs: Runs | None, draws: int = 200, door: Door | None = None) -> None:
        self._door = listening(None)
        port = self._door.getsockname()[1]
        self.here = f"http://127.0.0.1:{port}"
        self.bench = Workbench(desk, runs, keys_for(port, door), "测试者", draws)  # type: ignore[arg-type]
        config = uvicorn.Config(
            application(self.bench),
            log_level="warning",
            lifespan="off",
            ws="none",
            timeout_graceful_shutdown=1,
        )
        self._server = uvicorn.Server(config)
        self._thread = threading.Thread(
            target=self._server.run, kwargs={"sockets": [self._door]}, daemon=True
        )
        self._thread.start()
        self._others: list[httpx.Client] = []
        super().__init__(
            base_url=self.here, headers={"origin": self.here, "accept-language": "en"}, timeout=90
        )
        assert self.get(f"/?token={self.bench.keys.token}").status_code == 303, (
            "it came in by the opening link"
        )

    def stranger(self) -> httpx.Client:
        """Somebody else who asks the same server."""
        self._others.append(httpx.Client(base_url=self.here, timeout=30))
        return self._others[-1]

    def close(self) -> None:
        """End the connections and the server."""
        for client in self._others:
            client.close()
        super().close()
        self._server.should_exit = True
        self._thread.join(5)
        self._door.close()


@pytest.fixture(scope="session")
def runs() -> Iterator[Runs]:
    """Real processes, shared by all tests of the worker."""
    made = Runs(1)
    yield made
    made.close()


@pytest.fixture
def example(runs: Runs) -> Iterator[Client]:
    """The shipped example, which nobody may change."""
    with closing(Client(Desk(folder("muscat-2026"), example=True), runs)) as client:
        yield client


@pytest.fixture
def own(tmp_path: Path) -> Path:
    """A case drafted from a short text, with candidates that wait."""
    text = tmp_path / "gazette.txt"
    text.write_text(TEXT, encoding="utf-8")
    return draft_folder([text], tmp_path / "own", published=date(2026, 2, 5))


@pytest.fixture
def mine(own: Path, runs: Runs) -> Iterator[Client]:
    """A workbench on a case of one's own."""
    with closing(Client(Desk(own), runs)) as client:
        yield client
