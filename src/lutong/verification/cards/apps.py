from django.apps import AppConfig


class CardsConfig(AppConfig):
    name = "lutong.verification.cards"
    label = "cards"
