"""Models and migrations say the same."""

import pytest
from django.core.management import call_command
from django.db.models import BooleanField

from lutong.domains.courts.models import Court

pytestmark = pytest.mark.django_db


def test_no_model_has_changed_without_a_migration() -> None:
    call_command("makemigrations", "--check", "--dry-run", verbosity=0)


def test_a_planted_change_is_found(monkeypatch: pytest.MonkeyPatch) -> None:
    planted = BooleanField(default=False)
    planted.set_attributes_from_name("planted")
    monkeypatch.setattr(Court._meta, "local_fields", [*Court._meta.local_fields, planted])
    Court._meta._expire_cache()
    try:
        with pytest.raises(SystemExit):
            call_command("makemigrations", "--check", "--dry-run", verbosity=0)
    finally:
        monkeypatch.undo()
        Court._meta._expire_cache()
