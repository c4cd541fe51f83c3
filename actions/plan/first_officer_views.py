"""A superuser's one act on plans: naming the first officer. No plan is shown to them."""

from typing import cast

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.views.decorators.http import require_http_methods

from actions import access, memberships
from actions.plan.first_officer_forms import FirstOfficerForm
from actions.plan.inviting.telling import tell_of_officer
from wsoa.accounts.models import User
from wsoa.accounts.own_account.again import asked_again


@require_http_methods(["GET", "POST"])
@asked_again
def first_officer(request: HttpRequest) -> HttpResponse:
    access.require_superuser(request.user)
    without = memberships.plans_without_officer().select_related("local_area")
    form = FirstOfficerForm(request.POST or None, plans=without)
    if form.is_valid():
        plan, user = form.cleaned_data["plan"], form.cleaned_data["user"]
        try:
            memberships.name_first_officer(plan=plan, user=user, by=cast(User, request.user))
        except ValidationError as refusal:
            form.add_error(None, refusal.messages[0])
        else:
            tell_of_officer(plan=plan, user=user, by=cast(User, request.user))
            messages.success(request, f"{user.name} is programme officer of {plan.title}.")
            return redirect("actions:first_officer")
    return render(
        request,
        "actions/first_officer.html",
        {
            "form": form,
            "leave_url": reverse("accounts:user_list"),
            "plans_without": [str(plan) for plan in without],
        },
        status=422 if form.errors else 200,
    )
