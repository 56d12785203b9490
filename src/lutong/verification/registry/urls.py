"""Addresses of 名册: the wire, the bureaus' reports, the desk."""

from django.urls import URLPattern, URLResolver, path

from lutong.verification.registry import api, pages

urlpatterns: list[URLPattern | URLResolver] = [
    path("v1/lawyers", api.lawyers, name="v1-lawyers"),
    path("v1/lawyers/<str:number>", api.lawyer, name="v1-lawyer"),
    path("v1/people/<str:number>", api.person, name="v1-person"),
    path("v1/firms/<str:uscc>/people", api.firm_people, name="v1-firm-people"),
    path("v1/events", api.events, name="v1-events"),
    path(".well-known/keys", api.keys, name="keys"),
    path("photos/<uuid:address>.png", api.photo, name="photo"),
    path("feed/v1/events", api.take_report, name="feed-events"),
    path("feed/v1/state", api.report_state, name="feed-state"),
    path("control", pages.control, name="control"),
    path("demo/", pages.demo, name="demo"),
    path("bureau/sign-in/", pages.sign_in, name="bureau-sign-in"),
    path("bureau/sign-out/", pages.sign_out, name="bureau-sign-out"),
    path("bureau/", pages.roll, name="bureau"),
    path("bureau/list/<slug:category>/", pages.roll, name="bureau-list"),
    path("bureau/people/<str:number>/", pages.person, name="bureau-person"),
    path("bureau/people/<str:number>/enter/", pages.enter, name="bureau-enter"),
    path("bureau/people/<str:number>/history.csv", pages.person_history, name="bureau-person-history"),
    path("bureau/grant/<slug:category>/", pages.grant, name="bureau-grant"),
    path("bureau/firms/", pages.firms, name="bureau-firms"),
    path("bureau/firms/new/", pages.new_firm, name="bureau-new-firm"),
    path("bureau/firms/<str:uscc>/", pages.firm, name="bureau-firm"),
    path("bureau/feeds/", pages.feeds, name="bureau-feeds"),
    path("bureau/history.csv", pages.history, name="bureau-history"),
    path("bureau/trail/", pages.trail, name="bureau-trail"),
]
