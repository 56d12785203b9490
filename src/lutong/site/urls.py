"""Every address of the product. A route without a row in the permission matrix fails a test."""

from django.urls import include, path

from lutong.domains.capacity import urls as capacity
from lutong.domains.casespace import urls as casespace
from lutong.domains.delegation import urls as delegation
from lutong.domains.dossier import urls as dossier
from lutong.domains.eservice import urls as eservice
from lutong.domains.fees import urls as fees
from lutong.domains.filing import urls as filing
from lutong.domains.gatepass import urls as gatepass
from lutong.domains.hearings import urls as hearings
from lutong.domains.staffing import urls as staffing
from lutong.site import counts, demo, pages, tickets
from lutong.site.api import api

handler404 = "lutong.site.pages.not_found"
handler429 = "lutong.site.pages.too_many"  # django-allauth looks here

urlpatterns = [
    path("healthz", pages.healthz, name="healthz"),
    path("about/<slug:topic>/", pages.about, name="about"),
    path("demo/", demo.page, name="demo"),
    path("demo/files/<str:name>", demo.file, name="demo-file"),
    path("counts/", counts.counts, name="counts"),
    path("events/renew", tickets.renew, name="events-renew"),
    path("api/v1/", api.urls),
    path("account/", include("lutong.domains.identity.urls")),
    path("notices/", include("lutong.domains.notices.urls")),
    path("", include(casespace.lawyer)),  # "", cases/, cases/<court_id>/<case_id>/[tab/]
    path("representation/", include(casespace.representations)),
    path("practice/", include(capacity.lawyer)),
    path("assistants/", include(delegation.lawyer)),
    path("assisting/", include(delegation.assistant)),
    path("filing/", include(filing.lawyer)),
    path("calendar/", include(hearings.lawyer)),
    path("service/", include(eservice.lawyer)),
    path("fees/", include(fees.lawyer)),
    path("dossier/", include(dossier.lawyer)),
    path("gatepass/", include(gatepass.lawyer)),
    path("gate/", include(gatepass.gate)),
    path("desk/gate/", include(gatepass.desk)),
    path("desk/cases/", include(casespace.desk)),
    path("desk/representations/", include(casespace.desk_representations)),
    path("desk/admin/", include(staffing.desk)),
    path("account/", include(staffing.door)),
    path("scim/v2/", include(staffing.scim)),
    path("desk/urgent/", include(casespace.desk_urgent)),
    path("desk/service/", include(casespace.desk_service)),
    path("desk/filings/", include(filing.desk)),
    path("desk/calendar/", include(hearings.desk)),
    path("desk/deliveries/", include(eservice.desk)),
    path("desk/fees/", include(fees.desk)),
    path("desk/dossier/", include(dossier.desk)),
]
