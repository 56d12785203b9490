"""`lutong verification …`: what an operator of this service types, and the steps of its installation."""

import argparse
import functools
import os
import sys
from collections.abc import Callable, Sequence

from lutong.site import config as configuration
from lutong.site.console import say
from lutong.site.processes import verification


def main(arguments: Sequence[str] | None = None) -> int:
    """Entry point of `python -m lutong.verification.cli`."""
    os.environ["DJANGO_SETTINGS_MODULE"] = "lutong.verification.settings"
    given = _parser().parse_args(arguments)
    work: Callable[[argparse.Namespace], int] = given.work
    return work(given)


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(prog="lutong verification", description="律师身份核验平台")
    commands = parser.add_subparsers(required=True, metavar="命令 command")

    def add(name: str, text: str | None, work: Callable[[argparse.Namespace], int]) -> argparse.ArgumentParser:
        added = commands.add_parser(name, help=text) if text else commands.add_parser(name)
        added.set_defaults(work=work)
        return added

    add("serve", "只运行本服务（数据库须已在运行）run this service alone", _serve)
    add("courier", "只运行信使：短信、退出通知 run the courier alone", _courier)
    add("manage", "Django 管理命令 any Django command", _manage).add_argument("rest", nargs=argparse.REMAINDER)
    add("load", "批量载入名册 load a whole roll from a CSV file", _load).add_argument("file")
    for name, (text, command) in PASSED_ON.items():
        add(name, text, functools.partial(_pass_on, command)).add_argument("rest", nargs=argparse.REMAINDER)
    for name, (role, command, options) in STEPS.items():
        add(name, None, functools.partial(_step, role, command, options))
    return parser


def _serve(_given: argparse.Namespace) -> int:
    config = configuration.load()
    child = verification(config)
    say(f"{child.title}: http://{config.host}:{child.port}")
    os.execv(child.command[0], list(child.command))  # noqa: S606  our own table, no shell


def _courier(_given: argparse.Namespace) -> int:
    from lutong.verification import courier

    courier.main()
    return 0


def _manage(given: argparse.Namespace) -> int:
    from django.core.management import execute_from_command_line

    execute_from_command_line(["lutong verification manage", *given.rest])
    return 0


def _pass_on(command: str, given: argparse.Namespace) -> int:
    from django.core.management import execute_from_command_line

    execute_from_command_line(["lutong verification", command, *(given.rest or ["--help"])])
    return 0


def _load(given: argparse.Namespace) -> int:
    """COPY into a temporary table is the owner's: the application role may make none."""
    os.environ["LUTONG_DB_AS"] = "owner"
    from django.core.management import execute_from_command_line

    execute_from_command_line(["lutong verification", "load_roll", given.file])
    return 0


PASSED_ON = {
    "officer": ("开立经办人账号 make an account for an officer of a bureau or of a court", "enrol_officer"),
    "keys": ("令牌签名密钥：list、rotate、retire keys that sign tokens", "signing_keys"),
    "bureau-key": ("机关报送公钥：register、retire、list the bureaus' public keys", "bureau_key"),
    "answer-key": ("应答签名密钥：list、prepare、switch the key that signs answers", "answer_key"),
    "application": ("应用登记：register、lutong、list、secret、close relying parties", "application"),
}
STEPS: dict[str, tuple[str, str, dict[str, object]]] = {
    "build-verification": ("owner", "prepare_database", {}),
    "build-verification-static": ("app", "collectstatic", {"interactive": False, "verbosity": 0, "clear": True}),
    "build-verification-demo": ("app", "load_demo", {}),
}


def _step(role: str, command: str, options: dict[str, object], _given: argparse.Namespace) -> int:
    """A step of the installation, which is run in a process of its own."""
    os.environ["LUTONG_DB_AS"] = role
    import django
    from django.core.management import call_command

    django.setup()
    call_command(command, **options)
    return 0


if __name__ == "__main__":
    sys.exit(main())
