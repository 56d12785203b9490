"""`lutong`: everything an operator types."""

import argparse
import datetime as dt
import os
import shutil
import signal
import subprocess
import sys
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from typing import Any

from lutong.site import card_check, doctor, setup, turnstile
from lutong.site import config as configuration
from lutong.site.config import Config
from lutong.site.console import say, warn
from lutong.site.demo_people import PEOPLE
from lutong.site.embedded.connection import PRODUCT, VERIFICATION, conninfo
from lutong.site.embedded.places import PORT
from lutong.site.embedded.postgres import Cluster, PostgresError
from lutong.site.embedded.roles import provision_all
from lutong.site.processes import children
from lutong.site.startup import HouseError, check_ports, only_one
from lutong.site.supervisor import StartFailed, Supervisor, kill_leftovers

Command = Callable[[argparse.Namespace, Config], int]
FAILURES = (PostgresError, HouseError, StartFailed, setup.SetupFailed, turnstile.GateTrouble)


def main(arguments: Sequence[str] | None = None) -> int:
    """Entry point of the console script."""
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "lutong.site.settings")
    given = _parser().parse_args(arguments)
    command: Command = given.command
    try:
        return command(given, configuration.load())
    except FAILURES as failure:
        warn(str(failure))
        return 1
    except KeyboardInterrupt:
        return 130


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(prog="lutong", description="律通：律师一站式诉讼服务平台")
    commands = parser.add_subparsers(required=True, metavar="命令 command")

    def add(name: str, text: str | None, command: Command, **options: Any) -> argparse.ArgumentParser:
        added = commands.add_parser(name, help=text, **options) if text else commands.add_parser(name)
        added.set_defaults(command=command)
        return added

    add("run", "启动全部进程，Ctrl-C 停止 start everything in the foreground", _run)
    add("setup", "安装：建库、建表、载入数据 install only", _setup)
    postgres = add("postgres", "内置数据库 the embedded PostgreSQL", _postgres)
    postgres.add_argument("what", choices=["start", "stop", "psql"])
    postgres.add_argument("rest", nargs=argparse.REMAINDER)
    add("manage", "Django 管理命令 any Django command", _manage).add_argument("rest", nargs=argparse.REMAINDER)
    raw: dict[str, Any] = {"prefix_chars": "\0", "add_help": False}  # every word is the other program's
    second = add("verification", "律师身份核验平台 the verification platform: serve, load …", _verification, **raw)
    second.add_argument("rest", nargs=argparse.REMAINDER)
    bureau = add("bureau", "扮演省级司法行政机关报送 play a provincial bureau that reports", _bureau, **raw)
    bureau.add_argument("rest", nargs=argparse.REMAINDER)
    card = add("verify-card", "离线核验律证码 verify a lawyer's card offline", _verify_card)
    card_check.add_arguments(card)
    turnstile.add_arguments(add("gate", "闸机离线核验一码通 verify gate codes, with and without network", _gate))
    add("doctor", "检查本机条件 what this machine lacks", lambda _given, config: doctor.examine(config))
    add("reset", "删除全部数据 delete all data", _reset).add_argument("--yes", action="store_true")
    for name, work in setup.STEPS.items():
        add(name, None, _step(work))
    return parser


def _gate(given: argparse.Namespace, _config: Config) -> int:
    return turnstile.run(
        what=given.what, bundle=given.bundle, state=given.state, server=given.server, token_file=given.token_file
    )


def _run(_given: argparse.Namespace, config: Config) -> int:
    with _product(config) as supervisor:
        if not supervisor.stopping:
            supervisor.start(outside=False)
        if not supervisor.stopping:
            _welcome(config)
        supervisor.watch()
    return 0


def _setup(_given: argparse.Namespace, config: Config) -> int:
    with _product(config):
        pass
    say("安装完成 Installed. 启动 start: make run")
    return 0


@contextmanager
def _product(config: Config) -> Iterator[Supervisor]:
    """Database, stand-ins and all data in place; everything is stopped at the end, in reverse."""
    with only_one(config):
        if left := kill_leftovers(config.home):
            warn(f"清理了上次遗留的 {left} 个进程 ended {left} processes of a run that was killed")
        table = children(config)
        check_ports(config, table)
        cluster = Cluster(config.home, say) if config.database_url is None else None
        supervisor = Supervisor(config, table, cluster)
        for signum in (signal.SIGTERM, signal.SIGINT, signal.SIGHUP):
            signal.signal(signum, lambda *_: setattr(supervisor, "stopping", True))
        ours = False
        try:
            ours = cluster is not None and cluster.start(tied=True) is not None
            setup.prepare(config, cluster)
            supervisor.start(outside=True)
            setup.prepare_demo(config)
            yield supervisor
        finally:
            say("\n正在停止 Stopping …")
            supervisor.stop()
            if cluster is not None and ours:
                cluster.stop()
            say("已停止 Stopped.")


def _postgres(given: argparse.Namespace, config: Config) -> int:
    cluster = Cluster(config.home, say)
    if given.what == "start":
        started = cluster.start(tied=False)
        provision_all(cluster)
        say("数据库已启动 PostgreSQL runs." if started else "数据库已在运行 PostgreSQL runs already.")
        return 0
    if given.what == "stop":
        say("数据库已停止 PostgreSQL stopped." if cluster.stop() else "数据库未在运行 PostgreSQL does not run.")
        return 0
    store = VERIFICATION if given.rest[:1] == ["verification"] else PRODUCT
    rest = given.rest[1:] if store is VERIFICATION else given.rest
    role = store.owner if os.environ.get("LUTONG_DB_AS") == "owner" else store.app
    psql = str(cluster.places.binaries / "bin" / "psql")
    where = {
        "PGHOST": str(cluster.places.sockets),
        "PGPORT": str(PORT),
        "PGUSER": role,
        "PGDATABASE": store.database,
        "PGPASSWORD": conninfo(config, role)["password"],
    }
    return subprocess.run([psql, *rest], env={**os.environ, **where}, check=False).returncode  # noqa: S603


def _manage(given: argparse.Namespace, _config: Config) -> int:
    from django.core.management import execute_from_command_line

    execute_from_command_line(["lutong manage", *given.rest])
    return 0


def _verification(given: argparse.Namespace, _config: Config) -> int:
    return _hand_over("lutong.verification.cli", given.rest or ["serve"])


def _bureau(given: argparse.Namespace, _config: Config) -> int:
    return _hand_over("lutong.verification.bureau", given.rest)


def _verify_card(given: argparse.Namespace, _config: Config) -> int:
    return card_check.verify(given.card, given.keys, now=dt.datetime.now(dt.UTC))


def _hand_over(program: str, rest: Sequence[str]) -> int:
    """Become a program of the second product, which has Django settings of its own."""
    os.environ.pop("DJANGO_SETTINGS_MODULE", None)
    os.execv(sys.executable, [sys.executable, "-m", program, *rest])  # noqa: S606  our own program, no shell


def _reset(given: argparse.Namespace, config: Config) -> int:
    if not given.yes:
        warn(f"将删除 {config.home} 中的全部数据。确认请加 --yes。This deletes all data there: repeat with --yes.")
        return 2
    with only_one(config):
        cluster = Cluster(config.home, say)
        cluster.stop()
        for directory in {cluster.places.data, cluster.places.sockets, cluster.places.base, config.home}:
            shutil.rmtree(directory, ignore_errors=True)
    say("已删除 Deleted.")
    return 0


def _welcome(config: Config) -> None:
    say(f"\n律通已启动，请打开 Open: {config.web_url}")
    if config.runs_verification:
        say(f"律师身份核验平台 verification platform: {config.verification_url}")
    say()
    if config.demo:
        say(f"演示账号（动态码见 {config.web_url}/demo/）Demo accounts, current codes on that page:")
        for account in PEOPLE:
            say(f"  {account.who}  {account.name}  登录名 sign in as {account.sign_name}  密码 {account.password}")
    say(f"\n日志 Logs: {config.home / 'logs'}    停止 Stop: Ctrl-C\n")


def _step(work: Callable[[], None]) -> Command:
    """An install step, which `setup` runs in a process of its own."""

    def command(_given: argparse.Namespace, _config: Config) -> int:
        work()
        return 0

    return command


if __name__ == "__main__":
    sys.exit(main())
