"""A small supervisor of a real PostgreSQL 18: create, start, wait for recovery, stop."""

import os
import pwd
import shutil
import signal
import subprocess
import time
from collections.abc import Callable, Sequence
from contextlib import suppress
from pathlib import Path

import psutil
import psycopg

from lutong.site.embedded.configuration import CLIENT_RULES, server_configuration
from lutong.site.embedded.connection import SUPERUSER
from lutong.site.embedded.places import PORT, Places, bundled_binaries, open_to_others, places, remember
from lutong.site.embedded.secrets import Secrets, load_or_create
from lutong.site.lifeline import tie_to_parent

PATIENCE = 120.0  # seconds for crash recovery

Progress = Callable[[str], None]


class PostgresError(Exception):
    """The embedded PostgreSQL cannot do what was asked; the message is for the operator."""


class Cluster:
    """One embedded cluster: `home` says where, the secrets hold its passwords."""

    def __init__(self, home: Path, say: Progress) -> None:
        self.home = home
        self.places: Places = places(home)
        self.secrets: Secrets = load_or_create(home)
        self._say = say
        self._server: subprocess.Popen[bytes] | None = None  # the one that this process has started

    def connect(self, database: str = "postgres") -> psycopg.Connection:
        """Connect as superuser over the socket, in autocommit."""
        return psycopg.connect(
            host=str(self.places.sockets),
            port=PORT,
            user=SUPERUSER,
            password=self.secrets.get(f"postgres.{SUPERUSER}"),
            dbname=database,
            connect_timeout=5,
            autocommit=True,
        )

    def postmaster(self) -> psutil.Process | None:
        """The running server of this data directory; None if there is none, whatever a stale pid file says."""
        try:
            lines = (self.places.data / "postmaster.pid").read_text(encoding="utf-8").splitlines()
            process = psutil.Process(int(lines[0]))
            if process.name() == "postgres" and Path(process.cwd()) == self.places.data:
                return process
        except (FileNotFoundError, IndexError, ValueError, psutil.Error):
            return None
        return None

    def create(self) -> None:
        """Make user, directories and data directory where they are missing."""
        self._prepare_system_user()
        self._prepare_directories()
        if not (self.places.data / "PG_VERSION").exists():
            self._initialise()
        self._write(self.places.data / "postgresql.conf", server_configuration(self.places.sockets))
        self._write(self.places.data / "pg_hba.conf", CLIENT_RULES)

    def start(self, *, tied: bool) -> subprocess.Popen[bytes] | None:
        """Start the server and wait until it answers; None if it runs already.

        A `tied` server stops when the starting process dies, even by SIGKILL; another one stays.
        """
        if self.postmaster() is not None and self._is_answering(patience=PATIENCE):
            return None
        self.create()
        self._clear_stale_pid_file()
        command = [str(self.places.binaries / "bin" / "postgres"), "-D", str(self.places.data)]
        with self.places.log.open("ab") as log:
            process = subprocess.Popen(  # noqa: S603  fixed command, no shell
                command,
                stdin=subprocess.DEVNULL,
                stdout=log,
                stderr=log,
                cwd=self.places.data,
                env={"LC_ALL": "C", "TZ": "UTC", "PATH": os.defpath},
                start_new_session=True,
                preexec_fn=self._become_database_user(tied),
            )
        self._server = process
        if not self._is_answering(patience=PATIENCE, process=process):
            raise PostgresError(
                f"PostgreSQL 没有启动 did not start. 日志末尾 end of {self.places.log}:\n{self._tail()}"
            )
        return process

    def stop(self, *, patience: float = 60.0) -> bool:
        """Shut down fast: open transactions roll back, data is safe. False if nothing ran."""
        process = self.postmaster()
        if process is None:
            return False
        for signum in (signal.SIGINT, signal.SIGQUIT):  # fast, then immediate with recovery at the next start
            with suppress(psutil.NoSuchProcess):
                process.send_signal(signum)
            deadline = time.monotonic() + patience
            while time.monotonic() < deadline:
                if self.postmaster() is None:  # not process.wait(): whoever started it may not have reaped it yet
                    return True
                time.sleep(0.02)
        raise PostgresError(f"PostgreSQL 没有停下 did not stop (pid {process.pid})")

    def _is_answering(self, *, patience: float, process: subprocess.Popen[bytes] | None = None) -> bool:
        started = said = time.monotonic()
        while (spent := time.monotonic() - started) < patience:
            if process is not None and process.poll() is not None:
                return False
            if process is None and self.postmaster() is None:
                return False  # it was shutting down: start anew
            try:
                self.connect().close()
            except psycopg.OperationalError as error:
                if time.monotonic() - said > 3:
                    said = time.monotonic()
                    self._say(f"  PostgreSQL: {spent:.0f} s … {str(error).strip().splitlines()[-1]}")
                time.sleep(0.05)
            else:
                return True
        return False

    def _clear_stale_pid_file(self) -> None:
        """Remove a dead server's pid file, but never while one of its backends still writes the data."""
        deadline = time.monotonic() + 20
        while any(_works_in(process, self.places.data) for process in psutil.process_iter()):
            if time.monotonic() > deadline:
                raise PostgresError(f"仍有进程在使用 processes of an earlier server still use {self.places.data}")
            time.sleep(0.1)
        if self._server is not None:  # until somebody waits for it, a dead server still holds the lock of its socket
            self._server.wait(max(deadline - time.monotonic(), 1))
        (self.places.data / "postmaster.pid").unlink(missing_ok=True)

    def _initialise(self) -> None:
        self._say("创建数据库集群 Creating the PostgreSQL cluster …")
        password = self.places.data.with_name("pg-password")
        self._write(password, self.secrets.get(f"postgres.{SUPERUSER}"))
        try:
            self._run(
                [
                    str(self.places.binaries / "bin" / "initdb"),
                    f"--pgdata={self.places.data}",
                    f"--username={SUPERUSER}",
                    f"--pwfile={password}",
                    "--auth=scram-sha-256",
                    "--encoding=UTF8",
                    "--locale=C",
                    "--locale-provider=builtin",
                    "--builtin-locale=C.UTF-8",
                    "--data-checksums",
                ]
            )
        finally:
            password.unlink(missing_ok=True)
        remember(self.home, self.places.base)

    def _prepare_system_user(self) -> None:
        user = self.places.system_user
        if user is None or _user_exists(user):
            return
        for program, arguments in (
            ("useradd", ["--system", "--user-group", "--no-create-home", "--home-dir", "/nonexistent"]),
            ("adduser", ["--system", "--group", "--no-create-home", "--quiet"]),
            ("adduser", ["-S", "-D", "-H"]),  # BusyBox
        ):
            if path := shutil.which(program):
                subprocess.run([path, *arguments, user], capture_output=True, check=False)  # noqa: S603
                if _user_exists(user):
                    return
        raise PostgresError(
            f"PostgreSQL 不以 root 身份运行，且无法创建系统用户 {user}。"
            f"请以普通用户运行，或先执行 useradd --system {user}。\n"
            f"PostgreSQL refuses to run as root and the system user {user} could not be created: "
            f"run as an ordinary user, or create that user first."
        )

    def _prepare_directories(self) -> None:
        where = self.places
        self.home.mkdir(mode=0o711, parents=True, exist_ok=True)
        if where.base != self.home and not where.base.exists():
            self._say(
                f"目录 {self.home} 对数据库用户不可进入，数据库存放在 {where.base}。\n"
                f"The database user cannot enter {self.home}: the data is kept in {where.base}."
            )
        where.base.mkdir(mode=0o711, parents=True, exist_ok=True)
        if where.binaries != bundled_binaries() and not where.binaries.exists():
            unfinished = where.binaries.with_suffix(".new")
            shutil.rmtree(unfinished, ignore_errors=True)
            shutil.copytree(bundled_binaries(), unfinished, symlinks=True)
            _open_for_reading(unfinished)
            unfinished.rename(where.binaries)
        if where.system_user and not open_to_others(where.binaries / "bin"):
            raise PostgresError(f"数据库用户不能执行 the database user cannot execute {where.binaries}")
        for directory in (where.data, where.sockets):
            directory.mkdir(mode=0o700, parents=True, exist_ok=True)
            self._give(directory)
            directory.chmod(0o700)

    def _give(self, path: Path) -> None:
        if self.places.system_user:
            shutil.chown(path, self.places.system_user, self.places.system_user)
        elif path.stat().st_uid != os.geteuid():
            raise PostgresError(f"{path} 属于其他用户，拒绝使用 belongs to another user: refused")

    def _write(self, path: Path, content: str) -> None:
        fresh = path.with_name(path.name + ".new")
        fresh.unlink(missing_ok=True)
        with os.fdopen(os.open(fresh, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "w", encoding="utf-8") as file:
            file.write(content)
        self._give(fresh)
        fresh.replace(path)

    def _run(self, command: Sequence[str]) -> None:
        done = subprocess.run(  # noqa: S603  fixed command, no shell
            command,
            capture_output=True,
            text=True,
            cwd=self.places.base,
            env={"LC_ALL": "C", "TZ": "UTC", "PATH": os.defpath},
            preexec_fn=self._become_database_user(tied=True),
            check=False,
        )
        if done.returncode:
            raise PostgresError(f"{Path(command[0]).name}: {done.stderr.strip() or done.stdout.strip()}")

    def _become_database_user(self, tied: bool) -> Callable[[], None]:
        user = pwd.getpwnam(self.places.system_user) if self.places.system_user else None

        def change() -> None:
            if user is not None:
                os.setgroups([])
                os.setgid(user.pw_gid)
                os.setuid(user.pw_uid)
            if tied:  # after setuid, which clears it
                tie_to_parent(signal.SIGINT)

        return change

    def _tail(self) -> str:
        try:
            return "\n".join(self.places.log.read_text(encoding="utf-8", errors="replace").splitlines()[-15:])
        except FileNotFoundError:
            return ""


def _user_exists(user: str) -> bool:
    try:
        pwd.getpwnam(user)
    except KeyError:
        return False
    return True


def _works_in(process: psutil.Process, directory: Path) -> bool:
    try:
        return process.name() == "postgres" and Path(process.cwd()) == directory
    except psutil.Error:
        return False


def _open_for_reading(tree: Path) -> None:
    for path in (tree, *tree.rglob("*")):
        if not path.is_symlink():
            path.chmod(path.stat().st_mode | (0o555 if path.is_dir() or os.access(path, os.X_OK) else 0o444))
