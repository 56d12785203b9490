"""Addresses of the domain: `lawyer` is included below /assistants/, `assistant` below /assisting/."""

from django.urls import URLPattern, path

from lutong.domains.delegation.pages import assistants, assisting, granting, handover

lawyer: list[URLPattern] = [
    path("", assistants.index, name="assistants"),
    path("invite/", assistants.invite, name="assistants-invite"),
    path("review/", assistants.review, name="assistants-review"),
    path("handover/<uuid:handover_id>/", handover.choose, name="handover-choose"),
    path("revoke/", assistants.revoke_all, name="assistants-revoke-all"),
    path("<uuid:assistantship_id>/", assistants.show, name="assistant"),
    path("<uuid:assistantship_id>/end/", assistants.end, name="assistant-end"),
    path("<uuid:assistantship_id>/verify/", assistants.verify, name="assistant-verify"),
    path("<uuid:assistantship_id>/revoke/", assistants.revoke_of, name="assistant-revoke"),
    path("<uuid:assistantship_id>/cases/", granting.choose, name="grant-case"),
    path("<uuid:assistantship_id>/cases/<int:court_id>/<uuid:case_id>/", granting.grant, name="grant"),
    path("grants/<uuid:grant_id>/revoke/", granting.revoke, name="grant-revoke"),
]
assistant: list[URLPattern] = [
    path("", assisting.index, name="assisting"),
    path("back/", assisting.back, name="assisting-back"),
    path("act/<int:lawyer_id>/", assisting.act, name="assisting-act"),
    path("<uuid:engagement_id>/<slug:answer>/", assisting.answer, name="assisting-answer"),
]
