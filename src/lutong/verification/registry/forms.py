"""What the desk's forms send, read into decisions; what cannot be read is named at its field."""

import datetime as dt
from dataclasses import dataclass, field

from django.http import HttpRequest

from lutong.gateways.registry.port import EventKind, LicenceKind
from lutong.kernel.identifiers import normalise, normalise_mobile
from lutong.verification.registry.actions import Decision, Newcomer
from lutong.verification.registry.bodies import FirmKind
from lutong.verification.registry.faces import sent_day, sent_text

NO_DAY = "请填写日期，例如 2026-11-21"


@dataclass
class _Form:
    """Texts as they were typed, so that nothing is lost, and a sentence for each wrong field."""

    typed: dict[str, str]
    fields_wrong: dict[str, str] = field(default_factory=dict)

    @property
    def sound(self) -> bool:
        return not self.fields_wrong

    def day(self, request: HttpRequest, name: str, *, needed: bool) -> dt.date | None:
        found = sent_day(request, name)
        if found is None and (needed or self.typed.get(name)):
            self.fields_wrong[name] = NO_DAY
        return found


def _typed(request: HttpRequest) -> dict[str, str]:
    return {name: sent_text(request, name) for name in request.POST if len(name) < 40}


@dataclass
class DecisionForm(_Form):
    """登记变更."""

    decision: Decision = None  # type: ignore[assignment]  # set by `of` when the form is sound

    @classmethod
    def of(cls, request: HttpRequest, number: str) -> "DecisionForm":
        """Read the form; an unsent one is empty and sound."""
        form = cls(_typed(request))
        if request.method != "POST":
            return form
        kind = form.typed.get("kind", "")
        if kind not in set(EventKind):
            form.fields_wrong["kind"] = "请选择登记事项"
        effective_on = form.day(request, "effective_on", needed=True)
        until_on = form.day(request, "until_on", needed=False) if kind == EventKind.SUSPEND else None
        if form.sound and effective_on is not None:
            form.decision = Decision(
                number=number, kind=EventKind(kind), effective_on=effective_on, until_on=until_on,
                reason=form.typed.get("reason", ""), document_no=form.typed.get("document_no", ""),
                article=form.typed.get("article", "")[:3], firm_uscc=normalise(form.typed.get("firm", "")),
            )  # fmt: skip
        return form


@dataclass
class NewcomerForm(_Form):
    """新登记."""

    newcomer: Newcomer = None  # type: ignore[assignment]  # set by `of` when the form is sound

    @classmethod
    def of(cls, request: HttpRequest, kinds: list[LicenceKind]) -> "NewcomerForm":
        """Read the form; an unsent one is empty and sound."""
        form = cls(_typed(request))
        if request.method != "POST":
            return form
        kind = form.typed.get("kind", "")
        if kind not in kinds:
            form.fields_wrong["kind"] = "请选择执业类别"
        effective_on = form.day(request, "effective_on", needed=True)
        period_to = form.day(request, "period_to", needed=False)
        if form.sound and effective_on is not None:
            said = form.typed.get
            form.newcomer = Newcomer(
                number=normalise(said("number", "")), kind=LicenceKind(kind), name=said("name", ""),
                sex=said("sex", ""), id_number=normalise(said("id_number", "")),
                mobile=normalise_mobile(said("mobile", "")), firm_uscc=normalise(said("firm", "")),
                effective_on=effective_on, document_no=said("document_no", ""), reason=said("reason", ""),
                period_to=period_to if kind == LicenceKind.TRAINEE else None,
                supervisor_no=normalise(said("supervisor_no", "")), region=said("region", "")[:120],
                scope=tuple(word for word in said("scope", "").replace("，", "、").split("、") if word)[:20],
            )  # fmt: skip
        return form


@dataclass
class FirmForm(_Form):
    """登记执业机构."""

    uscc: str = ""
    name: str = ""
    city: str = ""
    kind: FirmKind = FirmKind.LAW_FIRM

    @classmethod
    def of(cls, request: HttpRequest) -> "FirmForm":
        """Read the form; an unsent one is empty and sound."""
        form = cls(_typed(request))
        if request.method != "POST":
            return form
        if form.typed.get("kind", "") not in set(FirmKind):
            form.fields_wrong["kind"] = "请选择机构性质"
            return form
        form.uscc, form.kind = normalise(form.typed.get("uscc", "")), FirmKind(form.typed["kind"])
        form.name, form.city = form.typed.get("name", ""), form.typed.get("city", "")
        return form
