from django.apps import AppConfig


class PlanFileConfig(AppConfig):
    name = "wsoa.planfile"
    label = "planfile"
