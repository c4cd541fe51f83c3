"""Production's settings with one more page, on which every kind of figure stands."""

from wsoa.settings import *  # noqa: F403

ROOT_URLCONF = "tests.browser.figures_page"
