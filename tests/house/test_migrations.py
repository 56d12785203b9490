"""Models and migrations say the same."""

from django.apps import apps
from django.db.migrations.autodetector import MigrationAutodetector
from django.db.migrations.loader import MigrationLoader
from django.db.migrations.state import ProjectState
from django.db.models import BooleanField
from django.utils.translation import override


def unwritten(state: ProjectState) -> dict[str, list[str]]:
    """What `makemigrations` would write, by app."""
    with override(None):  # as `makemigrations` does: names of fields in libraries are translated
        loader = MigrationLoader(None)
        changes = MigrationAutodetector(loader.project_state(), state).changes(graph=loader.graph)
    return {
        app: [operation.describe() for one in found for operation in one.operations] for app, found in changes.items()
    }


def test_no_model_has_changed_without_a_migration() -> None:
    assert unwritten(ProjectState.from_apps(apps)) == {}


def test_a_planted_change_is_found() -> None:
    state = ProjectState.from_apps(apps)
    state.models["courts", "court"].fields["planted"] = BooleanField(default=False)
    assert unwritten(state) == {"courts": ["Add field planted to court"]}
