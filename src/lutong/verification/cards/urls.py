"""Addresses of 律证码."""

from django.urls import URLPattern, URLResolver, path

from lutong.verification.cards import api, pages

urlpatterns: list[URLPattern | URLResolver] = [
    path("card/", pages.card, name="card"),
    path("card/now", pages.card_now, name="card-now"),
    path("card/licence.pdf", pages.paper, name="card-paper"),
    path("verify/", pages.verify, name="verify"),
    path("verify/now", pages.verify_now, name="verify-now"),
    path("verify/worker.js", pages.worker, name="verify-worker"),
    path(".well-known/lawyer-card-keys.json", api.keys, name="card-keys"),
    path("v1/cards/<str:number>", api.card, name="v1-card"),
]
