"""The law is plain Python: it loads without Django, and it never reads the clock or the network."""

import re
import subprocess
import sys
from pathlib import Path

import pytest

import lutong

LAW = (
    "lutong.kernel.holidays",
    "lutong.kernel.periods",
    "lutong.kernel.parameters",
    "lutong.kernel.tariff",
    "lutong.kernel.interest",
    "lutong.kernel.capacity",
    "lutong.kernel.acts",
    "lutong.kernel.powers",
    "lutong.kernel.identifiers",
    "lutong.domains.fees.rules",
    "lutong.domains.cases.rules",
    "lutong.domains.cases.powers",
    "lutong.domains.eservice.rules",
    "lutong.domains.eservice.deadlines",
    "lutong.domains.filing.content",
    "lutong.domains.filing.claims",
    "lutong.domains.filing.slots",
    "lutong.domains.filing.checks",
)


def modules_loaded_with(*names: str) -> set[str]:
    code = f"import sys, {', '.join(names)}; print('\\n'.join(sys.modules))"
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    return set(done.stdout.split())


def test_the_law_loads_without_django_and_without_the_holiday_library() -> None:
    loaded = modules_loaded_with(*LAW)
    assert set(LAW) <= loaded
    assert not {"django", "chinese_calendar", "httpx", "psycopg"} & loaded


def test_the_search_for_django_would_find_it() -> None:
    assert "django" in modules_loaded_with("lutong.domains.fees.apps")


@pytest.mark.parametrize("name", LAW)
def test_the_law_never_asks_for_the_time(name: str) -> None:
    path = Path(lutong.__file__).parent.joinpath(*name.split(".")[1:])
    files = path.rglob("*.py") if path.is_dir() else [path.with_suffix(".py")]
    for file in files:
        assert not re.search(r"\.now\(|\.today\(|time\.time\(", file.read_text(encoding="utf-8")), file.name
