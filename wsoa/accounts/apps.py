from django.apps import AppConfig


class AccountsConfig(AppConfig):
    name = "wsoa.accounts"
    label = "accounts"
