"""The pictures of the lifecycles are drawn from the tables that the code runs on."""

import pytest

from lutong.domains.cases import states
from lutong.site.management.commands.lifecycles import FOLDER, diagrams


def test_the_pictures_are_those_of_the_code() -> None:
    kept = {path.name: path.read_text(encoding="utf-8") for path in FOLDER.glob("*.mmd")}
    assert kept == diagrams(), "run `lutong manage lifecycles`"
    assert len(kept) >= 7


def test_a_changed_label_would_be_seen(monkeypatch: pytest.MonkeyPatch) -> None:
    cycle = next(value for value in vars(states).values() if isinstance(value, states.Lifecycle))
    monkeypatch.setitem(cycle.labels, cycle.start, "改过的名字")
    assert any("改过的名字" in text for text in diagrams().values())
