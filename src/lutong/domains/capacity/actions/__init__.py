"""Declaring what may stand against a lawyer, indexing the parties of his cases, checking for conflicts."""

from lutong.domains.capacity.actions.checking import check_conflicts, check_conflicts_once, watch
from lutong.domains.capacity.actions.declaring import declare
from lutong.domains.capacity.actions.indexing import note_case, note_over

__all__ = ["check_conflicts", "check_conflicts_once", "declare", "note_case", "note_over", "watch"]
