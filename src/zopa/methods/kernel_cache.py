"""Where compiled methods are kept on disk, so that none outlives a change in what it calls.

numba looks at a compiled function's own file alone: where another file's function that it calls has changed, it goes on
calling the old one, or crashes. So compiled methods are kept in a folder named by the text of all methods together: any
change leaves all of them behind at once, also those that a program which is still running writes later.
"""

import hashlib
import os
import shutil
import sys
from pathlib import Path

VARIABLE = "NUMBA_CACHE_DIR"
"""Where numba is told to keep what it compiles; read when numba is first imported."""
MARK = "zopa-kernels-"
"""How the folders begin; a program started by another one knows by it that the other one's is not its own."""
METHODS = Path(__file__).parent


def digest(folder: Path) -> str:
    """Stands for the names and texts of all modules in a folder; the same texts give the same one on any machine."""
    told = hashlib.blake2b(digest_size=8)
    for path in sorted(folder.glob("*.py")):
        told.update(path.name.encode() + b"\0" + path.read_bytes() + b"\0")
    return told.hexdigest()


def _user_folder() -> Path:
    """The user's folder for what can be made again, as the system has it."""
    if sys.platform == "win32":
        return Path(os.environ.get("LOCALAPPDATA") or Path.home() / "AppData" / "Local")
    if sys.platform == "darwin":
        return Path.home() / "Library" / "Caches"
    return Path(os.environ.get("XDG_CACHE_HOME") or Path.home() / ".cache")


def places(methods: Path) -> list[Path]:
    """Folders to hold the folder of compiled methods: the one that a user named alone, else beside them, or else in the
    user's cache, by installation."""
    own = f"zopa-{hashlib.blake2b(str(methods).encode(), digest_size=4).hexdigest()}"
    given = os.environ.get(VARIABLE, "")
    if given and not Path(given).name.startswith(MARK):
        return [Path(given) / own]
    return [methods / "__pycache__", _user_folder() / own]


def _made(folder: Path) -> bool:
    """Whether compiled methods can be kept in a folder; if it is new, those of older texts beside it are removed."""
    try:
        new = not folder.exists()
        folder.mkdir(parents=True, exist_ok=True)
    except OSError:
        return False
    if not os.access(folder, os.W_OK):
        return False
    if new:
        for other in folder.parent.glob(f"{MARK}*"):
            if other != folder:
                shutil.rmtree(other, ignore_errors=True)
    return True


def keep_compiled(methods: Path = METHODS) -> None:
    """Tells numba where to keep compiled methods, whether or not it has been imported; imports nothing itself.

    Where no folder can be written to, numba is left to its own ways.
    """
    try:
        name = MARK + digest(methods)
        folder = next((place / name for place in places(methods) if _made(place / name)), None)
    except (OSError, RuntimeError):  # sources in an archive; a user without a home
        return
    if folder is None:
        return
    os.environ[VARIABLE] = str(folder)
    config = sys.modules.get("numba.core.config")
    if config is not None:
        config.CACHE_DIR = str(folder)  # type: ignore[attr-defined]
