"""Makes or reads one document in a process of its own, which then ends.

The libraries of documents are large and keep what they have once read or drawn, and what a file
unfolds to is not known before. So neither a web worker nor its memory meets them: a function of
ours, named where the process can import it without Django, is called in a new process with limits
of time and memory, and what it gives or raises comes back. Its module must load quickly; what is
large is imported within the function.

The new process inherits no connection of the database and no secret of the environment. No more
than AT_ONCE run beside one another, over all workers on a machine.
"""

import fcntl
import hashlib
import logging
import os
import pickle
import resource
import signal
import subprocess
import sys
import tempfile
import time
import traceback
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import ParamSpec, TypeVar

Given = ParamSpec("Given")
Made = TypeVar("Made")

logger = logging.getLogger(__name__)

ROOT = Path(__file__).resolve().parents[2]
GIB = 1024**3
# As one waits for it, and of the processors, of which a library may use several at once.
SECONDS = 60
CPU_SECONDS = 60
MEMORY = 4 * GIB
AT_ONCE = max(2, (os.cpu_count() or 2) // 2)
# Seconds that one waits for its turn, and between two looks whether it has come.
PATIENCE = 30.0
LOOK = 0.02
ENVIRONMENT = {
    "LANG": "C.UTF-8",
    # Where lxml is installed, which Word files need, openpyxl would read workbooks with that, and
    # not with defusedxml, which refuses entities.
    "OPENPYXL_LXML": "False",
}

TOO_LONG = "This document takes too long. Try again later, or with less in it."
TOO_LARGE = "This document takes more memory than there is for one. Try again with less in it."
BUSY = "Several other documents are being made or read just now. Try again in a minute."
ENDED = "Making or reading this document ended early. Try again in a minute."


class NotDone(Exception):
    """The process gave nothing, and why, in plain words."""


def in_own_process(
    function: Callable[Given, Made], *args: Given.args, **kwargs: Given.kwargs
) -> Made:
    """What the function gives, or raises, in a process of its own. NotDone where that gave neither.

    The function is found by its name; what goes in and comes out must pickle.
    """
    job = pickle.dumps((function, args, kwargs))
    with _turn() as place:
        try:
            ended = subprocess.run(
                [sys.executable, "-I", __file__, str(CPU_SECONDS), str(MEMORY)],
                input=job,
                capture_output=True,
                timeout=SECONDS,
                check=False,
                env=ENVIRONMENT,
                # It keeps its place while it runs, even where whoever started it was killed.
                pass_fds=(place,),
            )
        except subprocess.TimeoutExpired as late:
            raise NotDone(TOO_LONG) from late
    if ended.returncode == -signal.SIGXCPU:
        raise NotDone(TOO_LONG)
    try:
        has_worked, outcome = pickle.loads(ended.stdout)
    except Exception as error:
        said = ended.stderr.decode(errors="replace")[-2000:]
        logger.error("%s ended with %s: %s", function.__qualname__, ended.returncode, said)
        raise NotDone(ENDED) from error
    if isinstance(outcome, MemoryError):
        raise NotDone(TOO_LARGE) from outcome
    if not has_worked:
        raise outcome
    return outcome  # type: ignore[no-any-return]


@contextmanager
def _turn() -> Iterator[int]:
    """One of the places that all workers on this machine share, as an open file that locks it."""
    # Of one user and one checkout.
    name = hashlib.sha256(f"{os.getuid()} {ROOT}".encode()).hexdigest()[:16]
    folder = Path(tempfile.gettempdir()) / f"plan-ledger-documents-{name}"
    folder.mkdir(mode=0o700, exist_ok=True)
    give_up = time.monotonic() + PATIENCE
    while (place := _free_place(folder)) is None:
        if time.monotonic() > give_up:
            raise NotDone(BUSY)
        time.sleep(LOOK)
    try:
        yield place
    finally:
        os.close(place)


def _free_place(folder: Path) -> int | None:
    for number in range(AT_ONCE):
        place = os.open(folder / str(number), os.O_RDWR | os.O_CREAT, 0o600)
        try:
            fcntl.flock(place, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            os.close(place)
        else:
            return place
    return None


def main() -> None:
    seconds, memory = map(int, sys.argv[1:])
    resource.setrlimit(resource.RLIMIT_AS, (memory, memory))
    resource.setrlimit(resource.RLIMIT_CPU, (seconds, seconds + 1))
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
    answer = os.fdopen(os.dup(1), "wb")
    # What a library prints must not stand in the answer.
    os.dup2(2, 1)
    sys.path.insert(0, str(ROOT))
    outcome: tuple[bool, object]
    try:
        function, args, kwargs = pickle.load(sys.stdin.buffer)
        outcome = True, function(*args, **kwargs)
    except Exception as error:
        error.add_note(traceback.format_exc())
        outcome = False, error
    with answer:
        pickle.dump(outcome, answer)


if __name__ == "__main__":
    main()
