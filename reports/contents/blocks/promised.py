"""What the plan says of an area beside its rows: its promise to families, and who answers for it.

What the plan does not say is left out, heading and all.
"""

from collections.abc import Iterable
from typing import Any

from actions.models.base import date_of_columns
from actions.pages.formatting import listed
from actions.wording import in_words
from reports.contents.blocks.commitments import named_action
from reports.contents.blocks.measures import figure_cell
from reports.contents.queries import AreaPart
from reports.contents.report_data import ReportData
from reports.rendering.document import (
    Block,
    Bullets,
    Cell,
    Column,
    Fact,
    Facts,
    Heading,
    Paragraph,
    Table,
)


def impact(report_data: ReportData, area: AreaPart) -> list[Block]:
    """The impact on families that the plan promises, of the area and its actions; quotations."""
    actions = _actions(report_data, area)
    promised = [f"{named_action(action)}: {action.impact}" for action in actions if action.impact]
    quoted = [_quotation(action) for action in actions if action.quotation]
    blocks: list[Block] = []
    if area.impact:
        blocks.append(Paragraph(text=f"What the plan promises: {area.impact}"))
    if promised:
        blocks.append(Paragraph(text=in_words("What the plan promises of its {actions}:")))
        blocks.append(Bullets(items=tuple(promised)))
    if quoted:
        blocks.append(Paragraph(text="What the plan quotes:"))
        blocks.append(Bullets(items=tuple(quoted)))
    return blocks


def where_now(report_data: ReportData, area: AreaPart) -> list[Block]:
    """Where things stood when the plan was written, of those of its actions that say so."""
    told = [
        f"{named_action(action)}: {action.where_now}"
        for action in _actions(report_data, area)
        if action.where_now
    ]
    if not told:
        return []
    return [
        Heading(level=2, text="Where things were when the plan was written"),
        Bullets(items=tuple(told)),
    ]


def accountability(report_data: ReportData, area: AreaPart) -> list[Block]:
    """Each action that has accountable officers or a group, with them."""
    answered_for = [
        (action, "; ".join(_officers(report_data, action)), _group(action))
        for action in _actions(report_data, area)
    ]
    rows = [
        (Cell(text=action.ref), Cell(text=action.title), Cell(text=officers), Cell(text=group))
        for action, officers, group in answered_for
        if officers or group
    ]
    if not rows:
        return []
    return [
        Table(
            name=f"{area.label} accountability",
            caption=in_words("Who is accountable for the {actions} of ") + area.in_sentence,
            columns=(
                Column(title="Ref", width=2),
                Column(title=in_words("{Action}"), width=6),
                Column(title="Accountable officers", width=5),
                Column(title="Responsible group", width=5),
            ),
            rows=tuple(rows),
        )
    ]


def headline(report_data: ReportData, area: AreaPart) -> list[Fact]:
    """The area's headline KPI with its newest figure and where it stands."""
    return [
        Fact(
            label="Headline KPI",
            value=f"{kpi.code} {kpi.title}: "
            + ", ".join(filter(None, (figure_cell(kpi.newest, kpi.unit).text, kpi.position_text))),
        )
        for kpi in report_data.measures
        if kpi.state.id == area.headline_kpi
    ]


def contacts(report_data: ReportData) -> list[Block]:
    """Advisers of DfE and NHS England, and others outside whom the plan names."""
    by_role: dict[str, list[str]] = {}
    for contact in report_data.contacts:
        named = f"{contact.name} ({contact.office})" if contact.office else contact.name
        by_role.setdefault(contact.role, []).append(named)
    if not by_role:
        return []
    return [
        Facts(items=tuple(Fact(label=role, value=listed(names)) for role, names in by_role.items()))
    ]


def _actions(report_data: ReportData, area: AreaPart) -> list[Any]:
    """Those of the area in the plan's order; what has no commitments comes last."""
    tracked = dict.fromkeys(state.action for state in report_data.standing(area.id))
    place = {action: n for n, action in enumerate(tracked)}
    rows: Iterable[Any] = report_data.actions.values()
    return sorted(
        (row for row in rows if row.area_id == area.id and row.withdrawn_at is None),
        key=lambda row: (place.get(row.key, len(place)), row.position, row.key),
    )


def _officers(report_data: ReportData, action: Any) -> list[str]:
    return [name for pk in action.officers if (name := report_data.person(pk))]


def _group(action: Any) -> str:
    body = action.responsible_group
    return str(body) if body else str(action.responsible_group_text)


def _quotation(action: Any) -> str:
    when = date_of_columns(action, "quotation_")
    by = ", ".join(filter(None, (action.quotation_by, str(when) if when else "")))
    return f"{action.ref} “{action.quotation}”" + (f" ({by})" if by else "")
