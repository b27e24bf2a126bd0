"""Problems of sharing a case, and of opening it to others."""

from collections.abc import Callable, Iterable
from pathlib import Path

from tests.case.made import CASE, write
from zopa.brief.marking import marking_of
from zopa.case.left_out import Without
from zopa.case.redacted import Shared, all_or_nothing, redacted, write_redacted
from zopa.errors import Problem, ZopaError
from zopa.web.serve import listening


def _caught(action: Callable[[], object]) -> Iterable[Problem]:
    try:
        action()
    except ZopaError as error:
        return error.problems
    return ()


def _without(without: Without) -> Callable[[Path], Iterable[Problem]]:
    return lambda folder: _caught(lambda: redacted(write(folder), without))


def _public(folder: Path) -> Iterable[Problem]:
    case = CASE + "relations: [{from: north, to: shadow, kind: ally}]\n"
    write(folder, case, private__yaml="parties: {shadow: {name: 影子方, role: outside}}\n")
    return _caught(lambda: redacted(folder))


def _broken(folder: Path) -> Iterable[Problem]:
    made = redacted(write(folder))
    files = {**made.files, "case.yaml": made.files["case.yaml"].replace("party: north,", "party: nord,")}
    broken = Shared(files, made.record, made.told, ())
    return _caught(lambda: write_redacted(broken, folder.parent / "shared"))


def _inside(folder: Path) -> Iterable[Problem]:
    return _caught(lambda: all_or_nothing(folder / "shared", lambda part: None, case=write(folder)))


def _exists(folder: Path) -> Iterable[Problem]:
    out = folder.parent / "shared"
    out.mkdir()
    (out / "letter.txt").touch()
    return _caught(lambda: all_or_nothing(out, lambda part: None, case=write(folder)))


SHARING: dict[str, Callable[[Path], Iterable[Problem]]] = {
    "share-public": _public,
    "share-broken": _broken,
    "share-inside": _inside,
    "share-exists": _exists,
    "share-no-source": _without(Without.of(sources=["ribbao"])),
    "share-no-claim": _without(Without.of(claims=["c11"])),
    "share-no-speaker": _without(Without.of(speakers=["envoi"])),
    "marking-long": lambda _: _caught(lambda: marking_of("CONFIDENTIAL " * 20)),
    "marking-character": lambda _: _caught(lambda: marking_of("CONF\u202eIDENTIAL")),
    "host-foreign": lambda _: _caught(lambda: listening(None, "192.0.2.1")),
}
