"""A page of figures for the browser tests alone; the site itself has no such page."""

from __future__ import annotations

from decimal import Decimal

from django.contrib.auth.decorators import login_not_required
from django.http import HttpRequest, HttpResponse
from django.template import engines
from django.urls import path
from django.utils.safestring import mark_safe

from kpis.charts.svg import sparkline
from kpis.pages.page_chart import assurance_icon, chart, variation_icon
from kpis.rules.spc_text import ASSURANCE, VARIATION
from tests.kpis.charts.figure_samples import FIGURES
from wsoa import urls

PAGE = """
{% extends "base.html" %}
{% block title %}Figures{% endblock %}
{% block head %}{% include "includes/figure_head.html" %}{% endblock %}
{% block sheet %}
  <h1>Figures</h1>
  {% for chart in charts %}
    <section class="part">{% include "includes/figure.html" with is_part=True %}</section>
  {% endfor %}
  <section class="part">
    <h2>Icons</h2>
    <div class="halves">
      {% for icon in variations %}{% include "includes/variation_icon.html" %}{% endfor %}
      {% for icon in assurances %}{% include "includes/assurance_icon.html" %}{% endfor %}
      {% for icon in variations %}
        {% include "includes/variation_icon.html" with is_small=True %}
      {% endfor %}
    </div>
    <p>Waits {{ spark }}</p>
  </section>
{% endblock %}
"""


@login_not_required
def figures(request: HttpRequest) -> HttpResponse:
    values = [Decimal(number) for number in (8, 9, 7, 7, 5, 6)]
    context = {
        "charts": [chart(make(), id=name, explored=name) for name, make in FIGURES.items()],
        "variations": [variation_icon(code) for code in VARIATION],
        "assurances": [assurance_icon(code) for code in ASSURANCE],
        "spark": mark_safe(sparkline([*values[:3], None, *values[3:]], alt="From 8 to 6")),
    }
    return HttpResponse(engines["django"].from_string(PAGE).render(context, request))


urlpatterns = [path("figures/", figures, name="figures"), *urls.urlpatterns]
handler400 = urls.handler400
