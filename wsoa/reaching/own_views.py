"""A person's own wishes about mails, the address that ends them, and that of their calendar."""

from django.conf import settings
from django.contrib import messages
from django.contrib.auth.decorators import login_not_required
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.cache import never_cache
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from wsoa.accounts.models import User
from wsoa.reaching import wishes
from wsoa.reaching.calendars import calendar_file, entries_of
from wsoa.reaching.letters import absolute
from wsoa.reaching.mail_forms import WishesForm
from wsoa.reaching.unsubscribing import unsubscribe_address, user_of


@require_http_methods(["GET", "POST"])
def my_mail(request: HttpRequest) -> HttpResponse:
    """Which mails one wants, and on which days."""
    assert isinstance(request.user, User)
    kept = wishes.wishes_of(request.user)
    form = WishesForm(request.POST if request.method == "POST" else None, wishes=kept)
    if form.is_valid():
        wishes.wish(user=request.user, **form.cleaned_data)
        messages.success(request, "Your choice is saved.")
        return redirect("reaching:my_mail")
    return render(
        request,
        "reaching/my_mail.html",
        {
            "form": form,
            "off_url": unsubscribe_address(request.user.pk),
            "calendar_url": absolute(reverse("reaching:calendar", args=(kept.calendar_key,))),
        },
        status=422 if form.errors else 200,
    )


@require_POST
def renew_calendar(request: HttpRequest) -> HttpResponse:
    """Another address for one's calendar, where somebody else knows the old one."""
    assert isinstance(request.user, User)
    wishes.renew_calendar(user=request.user)
    messages.success(request, "Your calendar has another address. The old one shows nothing now.")
    return redirect("reaching:my_mail")


# A calendar program cannot sign in: the address is the key, of this calendar and nothing else.
@login_not_required
@never_cache
@require_GET
def calendar(request: HttpRequest, key: str) -> HttpResponse:
    """One's dates, for a calendar program that asks for them again and again."""
    user = User.objects.filter(mail_wishes__calendar_key=key, is_active=True).first()
    if user is None:
        raise Http404
    entries = entries_of(user, timezone.localdate())
    answer = HttpResponse(
        calendar_file(entries, timezone.now(), f"{settings.PRODUCT_NAME}: {user.name}"),
        content_type="text/calendar; charset=utf-8",
    )
    answer["Content-Disposition"] = 'attachment; filename="dates.ics"'
    return answer


# A mail program sends the POST itself, without a page of ours and without its token; the key in
# the address does this one thing and nothing else.
@csrf_exempt
@login_not_required
@never_cache
@require_http_methods(["GET", "POST"])
def unsubscribe(request: HttpRequest, token: str) -> HttpResponse:
    """A page with a button: programs that look at each link of a mail press none."""
    user = User.objects.filter(pk=user_of(token) or 0).first()
    if user is None:
        raise Http404
    is_done = request.method == "POST"
    if is_done:
        wishes.unsubscribe(user=user)
    return render(request, "reaching/unsubscribe.html", {"is_done": is_done})
