"""Addresses of the domain: `desk` below /desk/admin/, `door` below /account/, `scim` below /scim/v2/."""

from django.urls import URLPattern, path

from lutong.domains.staffing.api import scim as wire
from lutong.domains.staffing.pages import approvals, frozen, importing, invitation, locks, members, trail

desk: list[URLPattern] = [
    path("members/", members.index, name="desk-members"),
    path("members/new/", members.enrol, name="desk-member-new"),
    path("members/export.csv", members.export, name="desk-members-export"),
    path("members/import/", importing.take_file, name="desk-members-import"),
    path("members/import/<uuid:batch_id>/", importing.preview, name="desk-import"),
    path("members/import/<uuid:batch_id>/faults.csv", importing.faults, name="desk-import-faults"),
    path("members/import/<uuid:batch_id>/<slug:step>/", importing.act, name="desk-import-act"),
    path("members/<uuid:member_id>/", members.show, name="desk-member"),
    path("members/<uuid:member_id>/<slug:step>/", members.act, name="desk-member-act"),
    path("approvals/", approvals.index, name="desk-approvals"),
    path("approvals/<uuid:proposal_id>/<slug:step>/", approvals.decide, name="desk-approval"),
    path("codes/<uuid:invitation_id>/", approvals.give_code, name="desk-code"),
    path("provisioning/", approvals.tokens, name="desk-provisioning"),
    path("provisioning/<uuid:token_id>/revoke/", approvals.revoke_token, name="desk-provisioning-revoke"),
    path("sessions/", approvals.sessions, name="desk-sessions"),
    path("sessions/<uuid:member_id>/end/", approvals.end_sessions, name="desk-sessions-end"),
    path("sessions/locks/", locks.index, name="desk-locks"),
    path("sessions/locks/export.csv", locks.export, name="desk-locks-export"),
    path("sessions/locks/<int:pause_id>/lift/", locks.lift, name="desk-lock-lift"),
    path("sessions/locks/freezes/<int:person_id>/lift/", locks.lift_freeze, name="desk-freeze-lift"),
    path("trail/", trail.index, name="desk-trail"),
    path("trail/export.csv", trail.export, name="desk-trail-export"),
]
door: list[URLPattern] = [
    path("invitation/<str:word>/", invitation.redeem, name="account-invitation"),
    path("frozen/", frozen.renew, name="account-frozen"),
]
scim: list[URLPattern] = [
    path("ServiceProviderConfig", wire.service_provider_config, name="scim-config"),
    path("ResourceTypes", wire.resource_types, name="scim-types"),
    path("Users", wire.users, name="scim-users"),
    path("Users/<str:user_id>", wire.user, name="scim-user"),
    path("Groups", wire.groups, name="scim-groups"),
    path("Groups/<str:group_id>", wire.group, name="scim-group"),
]
