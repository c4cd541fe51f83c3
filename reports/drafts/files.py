"""A report's file as an answer to a browser."""

from django.http import HttpResponse

from reports.rendering import FORMATS


def as_download(content: bytes, name: str, kind: str) -> HttpResponse:
    answer = HttpResponse(content, content_type=FORMATS[kind].content_type)
    answer.headers["Content-Disposition"] = f'attachment; filename="{name}"'
    answer.headers["Content-Length"] = str(len(content))
    answer.headers["X-Content-Type-Options"] = "nosniff"
    return answer
