"""The processes of the product: what each is, how it starts, where it answers."""

import os
import sys
from dataclasses import dataclass

from lutong.site.config import Config

THREADS = 32  # blocking threads of one web process: those who wait to be hashed hold one, pages need the others


@dataclass(frozen=True, slots=True)
class Child:
    """One process under the supervisor; `port` is None for one that answers no HTTP."""

    name: str
    title: str
    command: tuple[str, ...]
    port: int | None = None
    outside: bool = False  # another party than 律通: it must answer before the demo world is loaded


def children(config: Config) -> list[Child]:
    """Every process, in the order of starting; they stop in reverse."""
    table = [
        Child("events", "消息推送 event stream", _uvicorn(config, "stream", config.events_port),
              config.events_port),
        Child("files", "文件 file process", _uvicorn(config, "files", config.files_port),
              config.files_port),
        Child("worker", "后台任务 worker", (sys.executable, "-m", "lutong.site.worker")),
        Child("web", "网页 web", _granian(config, "lutong.site.wsgi", config.web_port), config.web_port),
    ]  # fmt: skip
    return [*_outside(config), *table]


def verification(config: Config) -> Child:
    """律师身份核验平台: a product of its own, with its own database, that 律通 reaches over the wire only."""
    title = "律师身份核验平台 verification platform"
    command = _granian(config, "lutong.verification.wsgi", config.registry_port, workers=1)
    return Child("verification", title, command, config.registry_port, outside=True)


def courier(config: Config) -> Child:
    """Sends what 律师身份核验平台 has to say to phones and relying parties."""
    command = (sys.executable, "-m", "lutong.verification.cli", "courier")
    return Child("courier", "核验平台信使 verification courier", command)


def _outside(config: Config) -> list[Child]:
    """The second product, and in the demo world the stand-ins of parties that have no product of ours."""
    table = [verification(config), courier(config)] if config.runs_verification else []
    if config.demo:
        table += [
            _stand_in(config, "payments", "微信支付（模拟）payment stand-in", config.pay_port),
            _stand_in(config, "sms", "短信（模拟）short-message stand-in", config.sms_port),
            _stand_in(config, "face", "人脸比对（模拟）face service stand-in", config.face_port),
        ]
    return table


def _stand_in(config: Config, party: str, title: str, port: int) -> Child:
    module = f"lutong.gateways.{party}.stand_in"
    return Child(party, title, _asgi(config, f"{module}:application", port), port, outside=True)


def _uvicorn(config: Config, module: str, port: int) -> tuple[str, ...]:
    return _asgi(config, f"lutong.site.{module}:application", port)


def _asgi(config: Config, application: str, port: int) -> tuple[str, ...]:
    return (
        sys.executable, "-m", "uvicorn", application,
        "--host", config.host, "--port", str(port),
        "--no-access-log", "--no-server-header", "--log-level", "info",
        "--timeout-keep-alive", "65", "--timeout-graceful-shutdown", "3",
    )  # fmt: skip


def _granian(config: Config, module: str, port: int, workers: int | None = None) -> tuple[str, ...]:
    return (
        sys.executable, "-m", "granian", f"{module}:application",
        "--interface", "wsgi", "--host", config.host, "--port", str(port),
        "--workers", str(workers or min(os.cpu_count() or 1, 8)), "--blocking-threads", str(THREADS),
        "--http", "1", "--no-ws", "--respawn-failed-workers", "--workers-kill-timeout", "8",
    )  # fmt: skip
