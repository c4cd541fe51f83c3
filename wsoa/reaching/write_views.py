"""Writing to people who were chosen: words of one's own in front of what waits for each."""

from django.conf import settings
from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_http_methods

from actions import access
from actions.pages import formatting
from actions.pages.plan_page import PlanPage, get_page_today
from wsoa.reaching import sending
from wsoa.reaching.everybody_views import key_of_holder
from wsoa.reaching.letters import written_letter
from wsoa.reaching.mail_forms import WriteForm
from wsoa.reaching.models import Delivery
from wsoa.reaching.recipients import Mailing, Recipient, mailing_for


@require_http_methods(["GET", "POST"])
def write(request: HttpRequest, slug: str) -> HttpResponse:
    """The form, a page that shows the first of the mails, and from there the sending."""
    page = get_page_today(request, slug)
    access.require(access.can_manage_periods(page.access))
    mailing = mailing_for(page)
    by_key = {key_of_holder(one.holder): one for one in mailing.recipients}
    form = WriteForm(
        request.POST if request.method == "POST" else None,
        people=[(key, _person_text(one)) for key, one in by_key.items()],
        initial={
            "to": [key for key in request.GET.getlist("to") if key in by_key],
            "subject": f"{page.plan.local_area.name}: what waits for you",
            "words": _proposed(page),
        },
    )
    step = request.POST.get("step", "")
    if step != "change" and form.is_bound and form.is_valid():
        chosen = [by_key[key] for key in form.cleaned_data["to"]]
        if step != "send":
            return _check_page(page, mailing, form, chosen)
        return _sent(page, mailing, form, chosen)
    return render(
        request,
        "reaching/write.html",
        {
            **page.context("mail"),
            "breadcrumbs": _breadcrumbs(page),
            "form": form,
            "without": _without_address(request, by_key),
            "leave_url": page.url("reaching:everybody"),
        },
        status=422 if form.is_bound and step != "change" else 200,
    )


def _breadcrumbs(page: PlanPage) -> list[formatting.Breadcrumb]:
    return [formatting.Breadcrumb("Everybody’s work", page.url("reaching:everybody"))]


def _person_text(to: Recipient) -> str:
    waits = formatting.plural(len(to.holder.items), "thing")
    return f"{to.holder.name}: {waits}"


def _proposed(page: PlanPage) -> str:
    asks = "Please send what is missing, or answer this mail in your own words."
    if page.period and page.today <= page.period.closes_on:
        closes = formatting.day_text(page.period.closes_on)
        return f"The {page.period.update_name} closes on {closes}. {asks}"
    return asks


def _without_address(request: HttpRequest, by_key: dict[str, Recipient]) -> int:
    """How many of those chosen have no account, so no address here."""
    return len(set(request.GET.getlist("to")) - set(by_key))


def _check_page(
    page: PlanPage, mailing: Mailing, form: WriteForm, chosen: list[Recipient]
) -> HttpResponse:
    answers = form.cleaned_data
    first = written_letter(
        mailing,
        chosen[0],
        answers["subject"],
        answers["words"],
        page.today,
        sending.settings_of(page.plan),
        page.access.user.name,
    )
    return render(
        page.request,
        "reaching/write_check.html",
        {
            **page.context("mail"),
            "breadcrumbs": _breadcrumbs(page),
            "people": [_person_text(one) for one in chosen],
            "first": first,
            "first_name": chosen[0].holder.name,
            "is_kept": not settings.MAIL_FROM,
            "sent": [
                (name, value)
                for name, values in page.request.POST.lists()
                for value in values
                if name not in ("csrfmiddlewaretoken", "step")
            ],
            "leave_url": page.url("reaching:everybody"),
        },
    )


def _sent(
    page: PlanPage, mailing: Mailing, form: WriteForm, chosen: list[Recipient]
) -> HttpResponse:
    answers = form.cleaned_data
    recorded = sending.write(
        mailing,
        chosen,
        subject=answers["subject"],
        words=answers["words"],
        by=page.access.user,
        once=answers["once"],
    )
    deliveries = sending.send_waiting(page.today)
    mine = {message.pk for message in recorded}
    refused = sum(
        one.outcome == Delivery.Outcome.REFUSED and one.message_id in mine for one in deliveries
    )
    words = f"{formatting.plural(len(recorded), 'mail')} written."
    if not recorded:
        words = "These mails were written already."
    if refused:
        words += f" {formatting.plural(refused, 'address', 'addresses')} refused."
    messages.success(page.request, words)
    return redirect("reaching:mail", page.plan.slug)
