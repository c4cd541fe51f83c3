"""The floor that pages are measured against: what a bare page of Django takes, in the same run.

One SELECT of 70 commitments in a plain template, behind the same session, sign-in and middleware,
on the same database in the same process. It stands among the site's own addresses.
"""

from django.http import HttpRequest, HttpResponse
from django.template import engines
from django.urls import include, path

from actions.models import Commitment

ROWS = 70
TEMPLATE = """<!doctype html><title>Floor</title><table>{% for row in rows %}
<tr><td>{{ row.ref }}</td><td>{{ row.evidence }}</td><td>{{ row.added_at }}</td></tr>{% endfor %}
</table><p>{{ request.user.name }}</p>"""


def floor(request: HttpRequest) -> HttpResponse:
    rows = Commitment.objects.order_by("pk")[:ROWS]
    page = engines["django"].from_string(TEMPLATE)
    return HttpResponse(page.render({"rows": rows}, request))


urlpatterns = [path("floor/", floor), path("", include("wsoa.urls"))]
