"""What this machine lacks, and what becomes worse without it: one sentence each."""

import shutil
import subprocess
import sys
from collections.abc import Callable
from dataclasses import dataclass

from lutong.site.config import Config
from lutong.site.console import say
from lutong.site.processes import children
from lutong.site.startup import HouseError, check_ports

CHROMIUM = ("chromium", "chromium-browser", "google-chrome", "google-chrome-stable")
OFFICE = ("soffice", "libreoffice")
CJK_FONT_PACKAGE = "fonts-noto-cjk"


@dataclass(frozen=True, slots=True)
class Check:
    """A condition, and what to tell when it does not hold. Without a `needed` one the product does not run."""

    title: str
    holds: Callable[[], bool]
    otherwise: str
    needed: bool = False


def examine(config: Config) -> int:
    """Print every check; 1 if something is missing without which the product cannot run."""
    failed = False
    for check in checks(config):
        good = check.holds()
        say(f"{'✓' if good else '✗' if check.needed else '△'} {check.title}")
        if not good:
            say(f"    {check.otherwise}")
            failed |= check.needed
    return 1 if failed else 0


def checks(config: Config) -> list[Check]:
    """All conditions, the necessary ones first."""
    return [*_of_the_machine(config), *_of_programs()]


def _of_the_machine(config: Config) -> list[Check]:
    return [
        Check(
            f"Python {sys.version_info.major}.{sys.version_info.minor}",
            lambda: (3, 11) <= sys.version_info[:2] < (3, 14),
            "需要 Python 3.11 至 3.13。Python 3.11 to 3.13 is needed.",
            needed=True,
        ),
        Check(
            f"端口 ports {config.web_port}–{config.face_port}",
            lambda: _ports_free(config),
            f"端口已被占用（律通正在运行时属正常）。Ports are taken (normal while lutong runs): "
            f"LUTONG_PORT={config.web_port + 100} make run",
        ),
        Check(
            "磁盘空间 disk space",
            lambda: shutil.disk_usage(_existing(config)).free > 2 * 2**30,
            "可用空间不足 2 GB，上传可能被拒绝。Less than 2 GB is free: uploads may be refused.",
        ),
    ]


def _of_programs() -> list[Check]:
    return [
        Check(
            "中文字体 CJK fonts",
            has_cjk_font,
            f"生成的 PDF 可能缺字。Without CJK fonts papers may lack characters: apt install {CJK_FONT_PACKAGE}",
        ),
        Check(
            "Chromium",
            lambda: first_program(CHROMIUM) is not None,
            "浏览器测试将被跳过，产品不受影响。Browser tests are skipped; the product is not affected: "
            "apt install chromium",
        ),
        Check(
            "LibreOffice",
            lambda: first_program(OFFICE) is not None,
            "DOCX 文件不能在线预览，可下载查看。DOCX files have no preview, only download: "
            "apt install libreoffice-writer-nogui",
        ),
        Check(
            "ClamAV clamd",
            lambda: first_program(("clamd", "/usr/sbin/clamd")) is not None,
            "上传文件不做病毒扫描，页面会注明。Uploads are not scanned for malware, and the page says so: "
            "apt install clamav-daemon",
        ),
    ]


def first_program(names: tuple[str, ...]) -> str | None:
    """The path of the first of these programs that this machine has."""
    return next((path for name in names if (path := shutil.which(name))), None)


def has_cjk_font() -> bool:
    """True if fontconfig knows a font with simplified Chinese."""
    program = shutil.which("fc-list")
    if program is None:
        return False
    found = subprocess.run([program, ":lang=zh-cn", "family"], capture_output=True, text=True, check=False)  # noqa: S603
    return bool(found.stdout.strip())


def _ports_free(config: Config) -> bool:
    try:
        check_ports(config, children(config))
    except HouseError:
        return False
    return True


def _existing(config: Config) -> str:
    path = config.home
    while not path.exists():
        path = path.parent
    return str(path)
