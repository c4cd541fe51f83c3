"""An address that cannot be answered, said in plain words."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render

from actions.desk import UnusableAddress


def bad_request(request: HttpRequest, exception: Exception) -> HttpResponse:
    """Only our own words go on the page: others may repeat what somebody sent."""
    reason = str(exception) if isinstance(exception, UnusableAddress) else ""
    return render(request, "400.html", {"reason": reason}, status=400)
