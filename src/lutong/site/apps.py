from django.apps import AppConfig


class SiteConfig(AppConfig):
    name = "lutong.site"
    label = "site"

    def ready(self) -> None:
        from lutong.site import storage
        from lutong.site.wiring import connect

        connect()
        storage.install()
