"""Words and tones of the case pages."""

from django import template

from lutong.domains.cases.queries import SIDE_LABELS, STAGE_LABELS
from lutong.domains.courts.queries import document_label

register = template.Library()
TONES = {
    "registered": "info", "mediation": "warn", "fee_due": "warn", "trial": "brand", "decided": "ok", "closed": "mute",
}  # fmt: skip


@register.filter
def stage_label(stage: str) -> str:
    """审理中"""
    return STAGE_LABELS.get(stage, stage)


@register.filter
def stage_tone(stage: str) -> str:
    """The tone of a stage's tag."""
    return TONES.get(stage, "mute")


@register.filter
def side_label(side: str) -> str:
    """原告"""
    return SIDE_LABELS.get(side, side)


@register.filter
def kind_label(kind: str) -> str:
    """The Chinese name of a kind of paper."""
    return document_label(kind)
