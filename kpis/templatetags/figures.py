"""What the head of a page with charts needs to know of the installed plotly."""

from django import template

from kpis.static_files import map_style_id

register = template.Library()
register.simple_tag(map_style_id)
