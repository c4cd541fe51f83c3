"""Plotly's script, served from the installed package. Its folder holds much that is not for us."""

import re
from collections.abc import Iterable, Iterator
from functools import cache
from importlib.util import find_spec
from pathlib import Path
from typing import Any

from django.contrib.staticfiles.finders import BaseFinder
from django.core.files.storage import FileSystemStorage

PREFIX = "plotly"
SCRIPT = "plotly.min.js"
# Found without being loaded: the library is large.
_SPEC = find_spec("plotly")
assert _SPEC is not None
assert _SPEC.origin is not None
FOLDER = Path(_SPEC.origin).parent / "package_data"


class PlotlyFinder(BaseFinder):
    """Offers one file, as `plotly/plotly.min.js`, and nothing beside it."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        self.storage = FileSystemStorage(location=FOLDER)
        # collectstatic puts the file into a folder of this name.
        self.storage.prefix = PREFIX  # type: ignore[attr-defined]
        super().__init__(*args, **kwargs)

    def check(self, **kwargs: Any) -> list[Any]:
        return []

    def find(self, path: str, find_all: bool = False, **kwargs: Any) -> Any:
        if path != f"{PREFIX}/{SCRIPT}":
            return []
        script = str(FOLDER / SCRIPT)
        return [script] if find_all else script

    def list(self, ignore_patterns: Iterable[str] | None) -> Iterator[tuple[str, Any]]:
        yield SCRIPT, self.storage


@cache
def map_style_id() -> str:
    """The id by which the script's map library knows that its styles are there already.

    Without an element of that id it writes them into the page, which our policy refuses and
    reports. The id changes with each release, so it is read from the script.
    """
    script = (FOLDER / SCRIPT).read_text(encoding="utf-8")
    match = re.search(r'getElementById\("([0-9a-f]{64})"\)', script)
    if match is None:
        raise LookupError(f"{SCRIPT} looks for its styles in another way than expected")
    return match.group(1)
