from django.apps import AppConfig


class ReachingConfig(AppConfig):
    name = "wsoa.reaching"
    label = "reaching"
