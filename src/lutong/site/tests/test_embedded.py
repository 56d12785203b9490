"""The embedded PostgreSQL and the secrets, for real."""

import os
import shutil
import signal
import stat
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import psycopg
import pytest

from lutong.site import config as configuration
from lutong.site.embedded.connection import APP, OWNER, conninfo, database_settings
from lutong.site.embedded.places import LONGEST_SOCKET_PATH, places
from lutong.site.embedded.postgres import Cluster
from lutong.site.embedded.roles import provision
from lutong.site.embedded.secrets import load_or_create


@pytest.fixture
def home() -> Iterator[Path]:
    """A directory that the database's own user can enter."""
    path = Path(tempfile.mkdtemp(prefix="lutong-test-"))
    path.chmod(0o711)
    yield path
    shutil.rmtree(path, ignore_errors=True)


@pytest.fixture
def own_cluster(home: Path) -> Iterator[Cluster]:
    cluster = Cluster(home, lambda _sentence: None)
    cluster.start(tied=True)
    provision(cluster)
    yield cluster
    cluster.stop()


def test_what_was_committed_survives_kill_9(own_cluster: Cluster, home: Path) -> None:
    where = conninfo(replace(configuration.load(), home=home), OWNER)
    with psycopg.connect(**where) as connection:
        connection.execute("CREATE TABLE kept (id int)")
        connection.execute("INSERT INTO kept VALUES (1)")
    unfinished = psycopg.connect(**where)
    unfinished.execute("INSERT INTO kept VALUES (2)")
    postmaster = own_cluster.postmaster()
    assert postmaster is not None
    os.kill(postmaster.pid, signal.SIGKILL)
    postmaster.wait(10)
    own_cluster.start(tied=True)
    with psycopg.connect(**where) as connection:
        assert connection.execute("SELECT id FROM kept").fetchall() == [(1,)]


def test_a_dead_server_that_nobody_has_waited_for_does_not_hold_its_socket(home: Path) -> None:
    cluster = Cluster(home, lambda _sentence: None)
    held = cluster.start(tied=True)  # as an exception's frames may hold it: unreaped, it keeps its number
    assert held is not None
    for _ in range(2):
        dead = cluster.postmaster()
        assert dead is not None
        dead.kill()
        while cluster.postmaster() is not None:
            time.sleep(0.02)
        assert cluster.start(tied=True) is not None
    cluster.stop()


def test_a_pid_file_of_another_process_does_not_hold_up_the_start(own_cluster: Cluster) -> None:
    own_cluster.stop()
    (own_cluster.places.data / "postmaster.pid").write_text(f"{os.getpid()}\n/elsewhere\n")
    assert own_cluster.postmaster() is None
    assert own_cluster.start(tied=True) is not None


def test_the_server_is_durable_private_and_asks_everyone_for_a_password(own_cluster: Cluster, home: Path) -> None:
    with own_cluster.connect() as connection:
        settings = dict(connection.execute("SELECT name, setting FROM pg_settings").fetchall())
        locale = connection.execute("SELECT datlocprovider, datlocale FROM pg_database WHERE datname = 'lutong'")
        assert locale.fetchone() == ("b", "C.UTF-8")
    assert {settings[name] for name in ("fsync", "full_page_writes", "synchronous_commit", "data_checksums")} == {"on"}
    assert settings["listen_addresses"] == ""
    assert stat.S_IMODE(own_cluster.places.sockets.stat().st_mode) == 0o700
    for role in (APP, OWNER, "lutong_super"):
        where = conninfo(replace(configuration.load(), home=home), role) | {"password": "guessed"}
        with pytest.raises(psycopg.OperationalError, match="password authentication failed"):
            psycopg.connect(**where)


def test_the_application_role_owns_nothing_and_cannot_escape_row_security(own_cluster: Cluster, home: Path) -> None:
    with psycopg.connect(**conninfo(replace(configuration.load(), home=home), APP)) as connection:
        rights = connection.execute(
            "SELECT rolsuper, rolbypassrls, rolcreatedb, rolcreaterole FROM pg_roles WHERE rolname = current_user"
        )
        assert rights.fetchone() == (False, False, False, False)
        with pytest.raises(psycopg.errors.InsufficientPrivilege):
            connection.execute("CREATE TABLE mine (id int)")


def test_a_deep_home_gets_a_short_socket_path() -> None:
    deep = Path("/tmp") / ("d" * 60) / ("e" * 60)
    assert len(os.fsencode(places(deep).sockets / ".s.PGSQL.5432")) <= LONGEST_SOCKET_PATH
    assert places(deep).sockets == places(deep).sockets
    assert places(deep).sockets != places(deep / "f").sockets


def test_two_processes_that_make_the_same_secret_agree(home: Path) -> None:
    program = (
        "import sys; from pathlib import Path; from lutong.site.embedded.secrets import load_or_create;"
        "sys.stdout.write(load_or_create(Path(sys.argv[1])).get('django'))"
    )
    both = [
        subprocess.Popen([sys.executable, "-c", program, str(home)], stdout=subprocess.PIPE, text=True)
        for _ in range(4)
    ]
    values = {process.communicate()[0] for process in both}
    assert values == {load_or_create(home).get("django")}
    assert len(values.pop()) >= 43
    assert stat.S_IMODE((home / "secrets.json").stat().st_mode) == 0o600


def test_a_url_points_django_to_another_server(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("LUTONG_DB_AS", raising=False)
    url = "postgresql://app:p%40ss@db.example:6432/justice?sslmode=verify-full"
    settings = database_settings(replace(configuration.load(), database_url=url))
    assert (settings["HOST"], settings["PORT"], settings["NAME"]) == ("db.example", "6432", "justice")
    assert (settings["USER"], settings["PASSWORD"]) == ("app", "p@ss")
    assert settings["OPTIONS"]["sslmode"] == "verify-full"
    assert settings["OPTIONS"]["pool"]["max_size"] == 8
