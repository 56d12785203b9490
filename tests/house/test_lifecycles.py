"""The pictures of the lifecycles, of both products, are drawn from the tables that the code runs on."""

from pathlib import Path
from types import ModuleType

import pytest

import lutong.domains
import lutong.verification
from lutong.domains.cases import states
from lutong.site.diagrams import FOLDER, diagrams


@pytest.mark.parametrize(
    ("product", "folder", "least", "command"),
    [
        (lutong.domains, FOLDER, 7, "lutong manage lifecycles"),
        (lutong.verification, FOLDER / "verification", 1, "lutong verification manage lifecycles"),
    ],
)
def test_the_pictures_are_those_of_the_code(product: ModuleType, folder: Path, least: int, command: str) -> None:
    kept = {path.name: path.read_text(encoding="utf-8") for path in folder.glob("*.mmd")}
    assert kept == diagrams(product), f"run `{command}`"
    assert len(kept) >= least


def test_a_changed_label_would_be_seen(monkeypatch: pytest.MonkeyPatch) -> None:
    cycle = next(value for value in vars(states).values() if isinstance(value, states.Lifecycle))
    monkeypatch.setitem(cycle.labels, cycle.start, "改过的名字")
    assert any("改过的名字" in text for text in diagrams(lutong.domains).values())
