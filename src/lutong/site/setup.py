"""What must be done once before the product runs: roles, tables, grants, reference data, demo world."""

import hashlib
import json
import os
import subprocess
import sys
from collections.abc import Iterable
from pathlib import Path

from lutong.site.config import REPOSITORY, Config
from lutong.site.console import say
from lutong.site.embedded.connection import STORES
from lutong.site.embedded.postgres import Cluster
from lutong.site.embedded.roles import provision_all
from lutong.site.lifeline import tie_to_parent

PACKAGE = Path(__file__).resolve().parents[1]
STAMP = "setup.json"

# What the tables, their grants and the reference data are made from. The two products do not share a database.
SECOND = "verification/"
DATABASE_SOURCES = (
    "**/migrations/*.py",
    "**/models.py",
    "**/models/*.py",
    "**/access.py",
    "**/data/**/*",
    "kernel/tables.py",
    "**/management/**/*.py",
)
STATIC_SOURCES = ("**/static/**/*",)
VERIFICATION_SOURCES = (*(f"{SECOND}{pattern}" for pattern in DATABASE_SOURCES), "kernel/rowsecurity.py")
VERIFICATION_DEMO_SOURCES = (f"{SECOND}**/demo*", f"{SECOND}**/demo*/**/*", f"{SECOND}**/load_demo.py")
DEMO_SOURCES = ("site/demo*", "site/demo*/**/*", "site/management/commands/load_demo.py")


class SetupFailed(Exception):
    """A step of the installation did not work; its own output stands above."""


def fingerprint(patterns: Iterable[str] = DATABASE_SOURCES) -> str:
    """Hash the files that decide what the database holds, and the locked versions of the libraries."""
    digest = hashlib.sha256()
    patterns = tuple(patterns)
    files = {path for pattern in patterns for path in PACKAGE.glob(pattern) if path.is_file()}
    if patterns == DATABASE_SOURCES:
        files = {path for path in files if not path.is_relative_to(PACKAGE / SECOND)}
    for path in sorted(files - {path for path in files if "__pycache__" in path.parts}):
        digest.update(f"{path.relative_to(PACKAGE)}\0".encode())
        digest.update(path.read_bytes())
    lock = REPOSITORY / "uv.lock"
    if lock.exists():
        digest.update(lock.read_bytes())
    return digest.hexdigest()


def prepare(config: Config, cluster: Cluster | None) -> None:
    """Bring a running database and the static files up to the present code; nothing to do costs milliseconds."""
    if cluster is not None:
        _provision(config, cluster)
    _step(
        config,
        "build-database",
        "建表、授权、载入法院与案由目录 Migrating, loading courts and causes …",
        DATABASE_SOURCES,
    )
    _step(config, "build-static", "整理静态文件 Collecting static files …", STATIC_SOURCES)
    if config.runs_verification:
        _prepare_verification(config)


def _prepare_verification(config: Config) -> None:
    """The second product's own database and files; its people must be there before the first one asks for them."""
    second = "lutong.verification.cli"
    title = "身份核验平台：建表、载入名册 Preparing the verification platform …"
    _step(config, "build-verification", title, VERIFICATION_SOURCES, second)
    _step(config, "build-verification-static", "身份核验平台：静态文件 its static files …", STATIC_SOURCES, second)
    if config.demo:
        title = "身份核验平台：演示名册 its fictional roll …"
        _step(config, "build-verification-demo", title, VERIFICATION_DEMO_SOURCES, second)


def _provision(config: Config, cluster: Cluster) -> None:
    """Roles and databases, once, and again when a product with a database of its own has come."""
    wanted = [store.database for store in STORES]
    if _done(config).get("provisioned") != wanted:
        provision_all(cluster)
        _note(config, "provisioned", wanted)


def prepare_demo(config: Config) -> None:
    """Load the demo world; the stand-ins must be running, for its people are verified there."""
    if config.demo:
        _step(config, "build-demo", "载入演示数据 Loading the demo world …", DEMO_SOURCES)


def _step(
    config: Config, command: str, sentence: str, sources: Iterable[str], program: str = "lutong.site.cli"
) -> None:
    """Do a step in a process of its own unless it was done for the same sources."""
    state = fingerprint(sources)
    if _done(config).get(command) == state:
        return
    say(sentence)
    _run(config, program, command)
    _note(config, command, state)


def _done(config: Config) -> dict[str, object]:
    stamp = config.home / STAMP
    return dict(json.loads(stamp.read_text(encoding="utf-8"))) if stamp.exists() else {}


def _note(config: Config, name: str, state: object) -> None:
    (config.home / STAMP).write_text(json.dumps(_done(config) | {name: state}), encoding="utf-8")


def build_database() -> None:
    """Migrate, load reference data, write grants and row-level security, all as owner and in a process of its own."""
    _run_commands("owner", [("prepare_database", {})])


def build_static() -> None:
    """Copy static files under names that carry their hash, so that browsers may keep them for ever."""
    _run_commands("app", [("collectstatic", {"interactive": False, "verbosity": 0, "clear": True})])


def build_demo() -> None:
    """Load the demo world through the domains' own actions, as the application role."""
    _run_commands("app", [("load_demo", {})])


def _run_commands(role: str, commands: list[tuple[str, dict[str, object]]]) -> None:
    os.environ["LUTONG_DB_AS"] = role
    import django
    from django.core.management import call_command

    django.setup()
    for name, options in commands:
        call_command(name, **options)


def _run(config: Config, program: str, command: str) -> None:
    done = subprocess.run(  # noqa: S603  our own program
        [sys.executable, "-m", program, command],
        env={**os.environ, "LUTONG_HOME": str(config.home)},
        preexec_fn=tie_to_parent,
        check=False,
    )
    if done.returncode:
        raise SetupFailed(f"安装步骤失败 setup step failed: lutong {command}")


STEPS = {"build-database": build_database, "build-static": build_static, "build-demo": build_demo}
