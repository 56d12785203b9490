"""Tables that belong to one court or to one lawyer: the base classes, and the one relation they use.

A row lives with exactly one owner and never moves, so its key is (owner, id) and every relation to a
row of the same court carries court_id. Distributed by that column the same statements run on Citus
(docs/decisions/0003). Django 5.2 limits to know: `Exists(OuterRef("pk"))` and
`Count("relation", distinct=True)` raise on a composite key (compare the columns instead).
"""

from typing import Any, ClassVar

from django.db import models
from django.db.models.constraints import BaseConstraint
from django.db.models.fields.related_descriptors import ForwardManyToOneDescriptor

from lutong.kernel.ids import uuid7
from lutong.kernel.rowsecurity import RowRule


class CourtOwned(models.Model):
    """A row that lives in exactly one court."""

    row_rule: ClassVar[RowRule]  # which rows a lawyer sees; a concrete model without it fails the catalog lint
    append_only: ClassVar[bool] = False  # the application role may neither update nor delete
    may_delete: ClassVar[bool] = False  # rows of record are never deleted by the application role

    pk = models.CompositePrimaryKey("court_id", "id")
    court_id = models.PositiveSmallIntegerField("法院")
    id = models.UUIDField(default=uuid7)

    class Meta:
        abstract = True


class LawyerOwned(models.Model):
    """A row that belongs to one person (`lawyer_id` is the person's account id; staff have some, too)."""

    append_only: ClassVar[bool] = False
    may_delete: ClassVar[bool] = True

    pk = models.CompositePrimaryKey("lawyer_id", "id")
    lawyer_id = models.BigIntegerField("律师")
    id = models.UUIDField(default=uuid7)

    class Meta:
        abstract = True


class _SameCourtAccess(ForwardManyToOneDescriptor):  # type: ignore[type-arg]  # generic only in the stubs
    """`document.case`: never changes the row's court, never serves a stale object."""

    @property
    def _column(self) -> str:
        return str(self.field.from_fields[1])

    def __get__(self, instance: Any, cls: Any = None) -> Any:
        if instance is not None and self.field.is_cached(instance):
            held = self.field.get_cached_value(instance)
            if getattr(held, "id", None) != getattr(instance, self._column):
                self.field.delete_cached_value(instance)
        return super().__get__(instance, cls)

    def __set__(self, instance: Any, value: Any) -> None:
        if value is None:
            setattr(instance, self._column, None)
            self.field.set_cached_value(instance, None)
            return
        if instance.court_id not in (None, value.court_id):
            raise ValueError("a row never refers to another court")
        super().__set__(instance, value)


class _SameCourtRelation(models.ForeignObject):  # type: ignore[type-arg]  # generic only in the stubs
    forward_related_accessor_class = _SameCourtAccess


def same_court(to: str, column: str, **options: Any) -> Any:
    """The relation to a row of the same court; pair it with a SameCourt constraint."""
    options.setdefault("related_name", "+")
    return _SameCourtRelation(
        to, on_delete=models.DO_NOTHING, from_fields=("court_id", column), to_fields=("court_id", "id"), **options
    )


class SameCourt(BaseConstraint):
    """FOREIGN KEY (court_id, column) REFERENCES to (court_id, id), checked at once, written by the migration."""

    def __init__(self, *, name: str, column: str, to: str) -> None:
        super().__init__(name=name)
        self.column, self.to = column, to

    def create_sql(self, model: Any, schema_editor: Any) -> str:
        quote = schema_editor.quote_name
        target = model._meta.apps.get_model(self.to)._meta.db_table
        return (
            f"ALTER TABLE {quote(model._meta.db_table)} ADD CONSTRAINT {quote(self.name)} "
            f"FOREIGN KEY (court_id, {quote(self.column)}) REFERENCES {quote(target)} (court_id, id)"
        )

    def constraint_sql(self, model: Any, schema_editor: Any) -> Any:
        """Added after all tables stand, so that the order of applications does not matter."""
        schema_editor.deferred_sql.append(self.create_sql(model, schema_editor))

    def remove_sql(self, model: Any, schema_editor: Any) -> str:
        quote = schema_editor.quote_name
        return f"ALTER TABLE {quote(model._meta.db_table)} DROP CONSTRAINT {quote(self.name)}"

    def validate(self, *args: Any, **kwargs: Any) -> None:
        """The database checks it."""

    def __eq__(self, other: object) -> bool:
        return isinstance(other, SameCourt) and self.deconstruct() == other.deconstruct()

    def __hash__(self) -> int:
        return hash(self.name)

    def deconstruct(self) -> tuple[str, tuple[()], dict[str, Any]]:
        path, _, options = super().deconstruct()
        return path, (), {**options, "column": self.column, "to": self.to}
