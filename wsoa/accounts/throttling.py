"""How often a password may be tried, on every page that takes one.

A try is counted as failed before the password is looked at, and the count is taken back when it was
right. So tries made at the same moment, on any process, count as much as tries one after another.
After too many failures there is a wait, which doubles with each further one; what is tried during
it is not looked at and not counted, so nobody can prolong it by trying on. Counted are

1. strictly, an account from one network address;
2. loosely, an account from all addresses, so that many machines together cannot guess on. This
   holds only for addresses from which nobody has signed in to the account of late: else a stranger
   could keep its owner out by trying without end;
3. an address over all accounts, loosely, since a whole council may share one.

An account that does not exist is treated like one that does. E-mail addresses are kept as keyed
digests alone: people type them wrongly, or type their password in their place. What is older than
it counts for is deleted.
"""

from dataclasses import dataclass
from datetime import datetime, timedelta

from django.db import connection, transaction
from django.db.models import Count, Exists, Max, OuterRef, Q
from django.utils.crypto import salted_hmac

from wsoa.accounts.models import SignInTry, UserManager

# For how long a failure counts, and a sign-in makes an address known to an account.
FAILURE_COUNTS = timedelta(hours=24)
ADDRESS_COUNTS = timedelta(hours=1)
KNOWN_FOR = timedelta(days=60)


@dataclass(frozen=True, slots=True)
class Limit:
    """So many failures are free; then a wait, doubled with each further one up to the longest."""

    free: int
    first_wait: timedelta
    longest_wait: timedelta

    def wait_after(self, failures: int) -> timedelta:
        if failures < self.free:
            return timedelta(0)
        # Past some doublings the longest is reached whatever the first was.
        return min(self.longest_wait, self.first_wait * (1 << min(failures - self.free, 16)))


ACCOUNT_FROM_ADDRESS = Limit(5, timedelta(seconds=30), timedelta(minutes=15))
ACCOUNT = Limit(20, timedelta(seconds=5), timedelta(minutes=1))
ADDRESS = Limit(60, timedelta(seconds=30), timedelta(minutes=5))


class TooManyTries(Exception):
    """The password is not looked at before `until`."""

    def __init__(self, until: datetime) -> None:
        self.until = until
        super().__init__(until)


def account_key(email: str) -> str:
    """An account by a digest that nobody without the site's secret can trace to an address."""
    address = UserManager.normalize_email(email)
    return salted_hmac("wsoa.accounts.throttling", address, algorithm="sha256").hexdigest()


def begin_try(*, email: str, address: str, now: datetime) -> None:
    """Count a try as failed. TooManyTries, and nothing counted, while there is a wait."""
    account = account_key(email)
    with transaction.atomic():
        # Tries of one account queue here, so that each counts those before it.
        with connection.cursor() as cursor:
            cursor.execute("SELECT pg_advisory_xact_lock(hashtextextended(%s, 0))", [account])
        SignInTry.objects.filter(
            Q(succeeded=False, at__lt=now - FAILURE_COUNTS)
            | Q(succeeded=True, at__lt=now - KNOWN_FOR)
        ).delete()
        until = _waits_until(account, address, now)
        if until > now:
            raise TooManyTries(until)
        SignInTry.objects.create(account=account, address=address, at=now)


def password_was_right(*, email: str, address: str, now: datetime) -> None:
    """Forget the failures of the account, and remember from where its owner signs in."""
    account = account_key(email)
    with transaction.atomic():
        SignInTry.objects.filter(account=account, succeeded=False).delete()
        SignInTry.objects.filter(account=account, address=address, succeeded=True).delete()
        SignInTry.objects.create(account=account, address=address, at=now, succeeded=True)


def _waits_until(account: str, address: str, now: datetime) -> datetime:
    """The end of the longest wait that holds; a moment that is past where none does."""
    of_pair, of_account = Q(account=account, address=address), Q(account=account)
    of_address = Q(address=address, at__gte=now - ADDRESS_COUNTS)
    known = SignInTry.objects.filter(
        of_pair, succeeded=True, at__gte=now - KNOWN_FOR, account=OuterRef("account")
    )
    failures = SignInTry.objects.filter(of_account | of_address, succeeded=False)
    counts = failures.aggregate(
        of_pair=Count("pk", filter=of_pair),
        of_pair_at=Max("at", filter=of_pair),
        of_account=Count("pk", filter=of_account & ~Q(Exists(known))),
        of_account_at=Max("at", filter=of_account),
        of_address=Count("pk", filter=of_address),
        of_address_at=Max("at", filter=of_address),
    )
    limits = {"of_pair": ACCOUNT_FROM_ADDRESS, "of_account": ACCOUNT}
    if address:  # else everybody would share one count
        limits["of_address"] = ADDRESS
    ends = [
        counts[f"{name}_at"] + limit.wait_after(counts[name])
        for name, limit in limits.items()
        if counts[f"{name}_at"]
    ]
    return max(ends, default=now)
