"""The examination of one finished upload: malware first, then the parser of its kind, then its name."""

import os

from lutong.gateways.examination.clamav import Clamd, ScannerDown, TooLarge
from lutong.gateways.examination.kinds import KINDS
from lutong.gateways.examination.verdict import Verdict
from lutong.gateways.sandbox import Crashed, Sandbox, SealedFile

SECONDS = 10
MEMORY_MB = 512
_PARSERS = "lutong.gateways.examination.inspection"


class Examiner:
    """`clamd` None: no scan is made. `accept_unscanned`: when clamd is down, take the file with a warning."""

    def __init__(self, *, clamd: str | None = None, accept_unscanned: bool = False) -> None:
        self._clamd = Clamd(clamd) if clamd else None
        self._accept_unscanned = accept_unscanned
        self._sandbox = Sandbox(_PARSERS)

    def examine(self, source: SealedFile, filename: str) -> Verdict:
        """Blocking; takes up to `SECONDS`, longer only for the scan of a large file."""
        warnings: list[str] = []
        if self._clamd is not None and (verdict := self._scan(self._clamd, source, warnings)) is not None:
            return verdict
        verdict = self._parse(source)
        if verdict.refusal is not None:
            return verdict
        warnings = [*_name_warnings(verdict.media_type, filename), *warnings, *verdict.warnings]
        return Verdict(verdict.media_type, verdict.pages, tuple(warnings), width=verdict.width, height=verdict.height)

    def close(self) -> None:
        self._sandbox.close()

    def _scan(self, clamd: Clamd, source: SealedFile, warnings: list[str]) -> Verdict | None:
        try:
            with source.open() as stream:
                found = clamd.scan(stream)
        except TooLarge:
            warnings.append("文件超过病毒扫描的大小上限，未经扫描。")
            return None
        except ScannerDown:
            if not self._accept_unscanned:
                return Verdict(pending=True)
            warnings.append("病毒扫描服务暂不可用，文件未经扫描。")
            return None
        return None if found is None else Verdict.refused("malware", name=found[:60])

    def _parse(self, source: SealedFile) -> Verdict:
        descriptor = os.open(source.path, os.O_RDONLY | os.O_CLOEXEC)
        try:
            answer = self._sandbox.call(
                f"{_PARSERS}:inspect", source.arguments(), files=(descriptor,), seconds=SECONDS, memory_mb=MEMORY_MB
            )
            return Verdict.from_child(answer.value)
        except (Crashed, KeyError, TypeError, ValueError):
            return Verdict.refused("unreadable")
        finally:
            os.close(descriptor)


def _name_warnings(media_type: str, filename: str) -> list[str]:
    """A wrong extension is no reason to refuse a good file, but the court should not wonder."""
    kind = next(kind for kind in KINDS if kind.media_type == media_type)
    stem, dot, extension = filename.rpartition(".")
    if not dot or not stem:
        return [f"文件名没有扩展名，内容是 {kind.label}。"]
    if extension.lower() in kind.extensions:
        return []
    return [f"扩展名是 .{extension.lower()[:10]}，内容其实是 {kind.label}。"]
