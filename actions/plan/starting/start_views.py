"""The page on which an officer starts another plan."""

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_http_methods

from actions import access, memberships
from actions.models import Plan
from actions.pages.addresses import address_of
from actions.plan.starting import starting
from actions.plan.starting.kinds import PROPOSALS
from actions.plan.starting.start_forms import StartPlanForm


@require_http_methods(["GET", "POST"])
def start_plan(request: HttpRequest) -> HttpResponse:
    """A draft of a local area, by an officer of one of its plans, from what its kind brings."""
    granted = memberships.officers_plans(request.user)
    access.require(bool(granted))
    form = StartPlanForm(
        request.POST if request.method == "POST" else None,
        plans=[plan_access.plan for plan_access in granted],
    )
    if form.is_valid():
        made = starting.start_plan(by=granted[0].user, **form.cleaned_data)
        messages.success(request, f"Started: {made}. It is a draft until it is agreed.")
        closed = any(plan.state == Plan.State.CLOSED for plan in made.predecessors.all())
        return redirect("actions:carry_forward" if closed else "actions:edit_plan", made.slug)
    return render(
        request,
        "actions/start_plan.html",
        {
            "form": form,
            "kinds": [
                {
                    "title": kind.label,
                    "brings": [
                        {"title": proposal.title, "text": proposal.text(kind)}
                        for proposal in PROPOSALS.values()
                    ],
                }
                for kind in Plan.Kind
            ],
            "leave_url": address_of("plans"),
        },
        status=422 if form.errors else 200,
    )
