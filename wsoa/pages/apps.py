from django.apps import AppConfig

from actions.pages import addresses


class PagesConfig(AppConfig):
    name = "wsoa.pages"
    label = "pages"

    def ready(self) -> None:
        # Only once the models of every app are there.
        from wsoa.pages.navigation import PAGES

        addresses.PAGES.update(PAGES)
