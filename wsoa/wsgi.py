"""The application as a WSGI server sees it."""

import gc
import os

from django.core.wsgi import get_wsgi_application

# How many objects more may live before Python looks for cycles among the youngest.
YOUNG = 50_000


def settle() -> None:
    """Leave what is loaded by now out of Python's search for cycles, and search less often.

    A page of a large plan makes tens of thousands of objects, which all live until it is sent.
    With Python's own settings a third of its time went into going through them, and through the
    modules, over and over.
    """
    gc.collect()
    gc.freeze()
    gc.set_threshold(YOUNG, 10, 10)


os.environ.setdefault("DJANGO_SETTINGS_MODULE", "wsoa.settings")
application = get_wsgi_application()
settle()
