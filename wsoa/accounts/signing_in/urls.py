"""Addresses under the names by which django-allauth asks for them."""

from django.urls import path

from wsoa.accounts.organisations import views as organisations
from wsoa.accounts.second_step import views as second_step
from wsoa.accounts.signing_in import views

urlpatterns = [
    path("sign-in/", views.sign_in, name="account_login"),
    path("sign-in/code/", views.enter_code, name="account_confirm_login_code"),
    path("sign-in/with/<slug:provider_id>/", organisations.go, name="openid_connect_login"),
    path(
        "sign-in/with/<slug:provider_id>/back/",
        organisations.back,
        name="openid_connect_callback",
    ),
    path("sign-in/second-step/", second_step.enter_second_code, name="mfa_authenticate"),
]
