"""Every import contract holds, and breaks when somebody crosses the line that it guards."""

import os
import shutil
import subprocess
import sys
from collections.abc import Iterator
from configparser import ConfigParser
from pathlib import Path

import pytest

REPOSITORY = Path(__file__).resolve().parents[2]
PLANTS = {
    "floors": {"site/pages.py": "import lutong.verification.pages"},
    "second": {"verification/pages.py": "import lutong.domains.courts.queries"},
    "rooms": {"domains/courts/queries.py": "import lutong.domains.courts.actions"},
    "doors": {"domains/cases/queries.py": "import lutong.domains.courts.models"},
    "circles": {
        "domains/courts/queries.py": "import lutong.domains.cases.queries",
        "domains/cases/queries.py": "import lutong.domains.courts.queries",
    },
    "order": {"domains/courts/queries.py": "import lutong.domains.audit.queries"},
    "law": {"domains/fees/rules.py": "import django"},
    "faces": {"domains/courts/api.py": "import lutong.domains.courts.models"},
    "outside": {"domains/courts/queries.py": "import httpx"},
}


def contracts() -> list[str]:
    parser = ConfigParser()
    parser.read(REPOSITORY / ".importlinter")
    return [name.rpartition(":")[2] for name in parser.sections() if ":contract:" in name]


@pytest.fixture(scope="module")
def copy(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Path]:
    """The sources and the contracts, to be spoilt."""
    place = tmp_path_factory.mktemp("house")
    only_code = shutil.ignore_patterns("__pycache__", "static", "data", "templates", "fonts", "*.csv")
    shutil.copytree(REPOSITORY / "src" / "lutong", place / "src" / "lutong", ignore=only_code)
    shutil.copytree(REPOSITORY / "tools", place / "tools", ignore=only_code)
    shutil.copy(REPOSITORY / ".importlinter", place)
    yield place


def lint(place: Path, *contract: str) -> subprocess.CompletedProcess[str]:
    program = Path(sys.executable).with_name("lint-imports")
    limited = [word for name in contract for word in ("--contract", name)]
    return subprocess.run(
        [program, "--no-logo", *limited],
        cwd=place,
        capture_output=True,
        text=True,
        check=False,
        env={**os.environ, "PYTHONPATH": f"{place / 'src'}:{place}"},
    )


def test_all_contracts_hold(copy: Path) -> None:
    done = lint(copy)
    assert done.returncode == 0, done.stdout + done.stderr
    assert f"Contracts: {len(contracts())} kept, 0 broken." in done.stdout


def test_every_contract_has_a_planted_violation() -> None:
    assert sorted(contracts()) == sorted(PLANTS)


@pytest.mark.parametrize("contract", PLANTS)
def test_a_contract_breaks_on_its_violation(copy: Path, contract: str) -> None:
    kept = {file: (copy / "src" / "lutong" / file).read_text(encoding="utf-8") for file in PLANTS[contract]}
    try:
        for file, line in PLANTS[contract].items():
            (copy / "src" / "lutong" / file).write_text(f"{kept[file]}\n{line}\n", encoding="utf-8")
        done = lint(copy, contract)
        assert done.returncode == 1, done.stdout + done.stderr
        assert "0 kept, 1 broken" in done.stdout
    finally:
        for file, text in kept.items():
            (copy / "src" / "lutong" / file).write_text(text, encoding="utf-8")
