"""Every address of the site. A page lives in the highest app whose data it shows."""

from django.urls import include, path, re_path

from wsoa.accounts.views import unknown_address

urlpatterns = [
    path("", include("wsoa.accounts.urls")),
    # The same pages again, under the names by which django-allauth asks for them.
    path("", include("wsoa.accounts.signing_in.urls")),
    path("", include("wsoa.pages.urls")),
    path("", include("wsoa.reaching.urls")),
    path("", include("wsoa.oversight.urls")),
    path("", include("actions.urls")),
    path("", include("kpis.urls")),
    path("", include("reports.urls")),
    # Last. Only with a slash at the end: without one, Django first adds it and looks again.
    re_path(r"^.+/$", unknown_address, name="unknown_address"),
]

handler400 = "wsoa.pages.error_views.bad_request"
