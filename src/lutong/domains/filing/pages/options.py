"""Suggestions while a court or a cause of action is typed."""

from django.http import HttpRequest, HttpResponse, JsonResponse
from django.views.decorators.http import require_GET

from lutong.domains.courts import queries as courts
from lutong.kernel.capabilities import Capability
from lutong.kernel.faces import for_counsel

MOST = 12


@require_GET
@for_counsel(Capability.PREPARE_FILING)
def court_options(request: HttpRequest) -> HttpResponse:
    """Courts by name, short name, 代字, 拼音 or first letters."""
    text = request.GET.get("q", "")
    found = courts.search_courts(text=text, limit=MOST) if text.strip() else []
    rows = [
        {"value": str(c.id), "label": c.name, "hint": " · ".join((_place(c), c.level_label, c.code))} for c in found
    ]
    return JsonResponse({"options": rows})


def _place(court: courts.CourtInfo) -> str:
    return court.province if court.city in ("", court.province) else f"{court.province}{court.city}"


@require_GET
@for_counsel(Capability.PREPARE_FILING)
def cause_options(request: HttpRequest) -> HttpResponse:
    """Causes by name or first letters; those that have finer ones below say so."""
    text = request.GET.get("q", "")
    found = courts.search_causes(text=text, limit=MOST) if text.strip() else []
    rows = [
        {"value": str(c.id), "label": c.name, "hint": c.path + ("（下面还有更具体的案由）" if c.has_children else "")}
        for c in found
    ]  # fmt: skip
    return JsonResponse({"options": rows})
