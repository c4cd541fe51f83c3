"""The site's own settings, with the floor among its addresses."""

from wsoa.settings import *  # noqa: F403

ROOT_URLCONF = "tests.benchmarks.floor"
