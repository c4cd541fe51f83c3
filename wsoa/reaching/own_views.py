"""A person's own wishes about mails, and the address in each mail that ends them."""

from django.contrib import messages
from django.contrib.auth.decorators import login_not_required
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.cache import never_cache
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_http_methods

from wsoa.accounts.models import User
from wsoa.reaching import wishes
from wsoa.reaching.mail_forms import WishesForm
from wsoa.reaching.unsubscribing import unsubscribe_address, user_of


@require_http_methods(["GET", "POST"])
def my_mail(request: HttpRequest) -> HttpResponse:
    """Which mails one wants, and on which days."""
    assert isinstance(request.user, User)
    form = WishesForm(
        request.POST if request.method == "POST" else None, wishes=wishes.wishes_of(request.user)
    )
    if form.is_valid():
        wishes.wish(user=request.user, **form.cleaned_data)
        messages.success(request, "Your choice is saved.")
        return redirect("reaching:my_mail")
    return render(
        request,
        "reaching/my_mail.html",
        {"form": form, "off_url": unsubscribe_address(request.user.pk)},
        status=422 if form.errors else 200,
    )


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
