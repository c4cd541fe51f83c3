"""Forms of mails: what one wants, how a plan writes, and holding somebody's mail."""

from datetime import date, timedelta
from typing import Any, cast
from uuid import uuid4

from django import forms

from actions.forms.date_fields import DAY_EXAMPLE, DayField
from actions.forms.fields import PlainText
from actions.pages import formatting
from actions.rules.typed_dates import read_day
from wsoa.reaching.models import ClosedDays, MailSettings, MailWishes
from wsoa.reaching.rules.mail_days import WORKING_WEEK

DAYS = ["Monday", "Tuesday", "Wednesday", "Thursday", "Friday"]
# Nobody forgets a mail that is held for good.
LONGEST_HOLD = timedelta(days=92)


class WishesForm(forms.Form):
    reminders = forms.BooleanField(
        label="When the updates open, when they close soon, and before something else is due",
        required=False,
    )
    late = forms.BooleanField(
        label="When something is overdue, once a week until it is done",
        help_text="After four weeks the senior responsible officer is told, and cannot stop that.",
        required=False,
    )
    at_once = forms.BooleanField(
        label="On the day when somebody asks me, returns something or needs my decision",
        required=False,
    )
    weekdays = forms.TypedMultipleChoiceField(
        label="On which days do you work?",
        help_text="You get no mail on other days, at weekends or on bank holidays.",
        choices=[(day, DAYS[day]) for day in sorted(WORKING_WEEK)],
        coerce=int,
        widget=forms.CheckboxSelectMultiple,
        error_messages={
            "required": "Choose at least one day",
            "invalid_choice": "Choose from Monday to Friday",
        },
    )

    def __init__(self, data: Any = None, *, wishes: MailWishes) -> None:
        super().__init__(
            data,
            initial={
                name: getattr(wishes, name) for name in ("reminders", "late", "at_once", "weekdays")
            },
        )


class MailSettingsForm(forms.Form):
    is_on = forms.BooleanField(label="Write to the people of this plan", required=False)
    reply_to = forms.EmailField(
        label="Where do answers go?",
        help_text="The programme team’s mailbox. Left empty, each of the programme team gets them.",
        required=False,
        max_length=254,
        error_messages={"invalid": "Write an e-mail address, like plan@council.example"},
    )
    signed = PlainText(
        label="How does the team sign?",
        help_text="For example: Sampleshire programme team",
        max_length=200,
    )
    phone = PlainText(label="Telephone number", max_length=40)
    closed = PlainText(
        label="When are your offices closed?",
        help_text="Nobody is written to on these days. A line each, like 24/12/26 to 1/1/27.",
        rows=3,
    )

    def __init__(self, data: Any = None, *, about: MailSettings, closed: list[ClosedDays]) -> None:
        super().__init__(
            data,
            initial={
                "is_on": about.is_on,
                "reply_to": about.reply_to,
                "signed": about.signed,
                "phone": about.phone,
                "closed": "\n".join(
                    f"{row.first_day:%d/%m/%y} to {row.last_day:%d/%m/%y}" for row in closed
                ),
            },
        )

    def clean_closed(self) -> list[tuple[date, date]]:
        days = []
        for line in filter(str.strip, self.cleaned_data["closed"].splitlines()):
            first_text, _, last_text = line.strip().partition(" to ")
            try:
                first = read_day(first_text.strip())
                last = read_day(last_text.strip()) if last_text else first
            except ValueError:
                raise forms.ValidationError(
                    f"“{formatting.cut(line.strip(), 40)}” is not two days. "
                    "Write them like 24/12/26 to 1/1/27"
                ) from None
            if last < first:
                raise forms.ValidationError(
                    f"“{formatting.cut(line.strip(), 40)}” ends before it begins"
                )
            days.append((first, last))
        return days


class WriteForm(forms.Form):
    """A mail of the programme team's own, to those that are chosen."""

    to = forms.MultipleChoiceField(
        label="To whom?",
        widget=forms.CheckboxSelectMultiple,
        error_messages={
            "required": "Choose to whom it goes",
            "invalid_choice": "Choose people of the list",
        },
    )
    subject = PlainText(
        label="Subject",
        required=True,
        max_length=120,
        error_messages={"required": "Give the mail a subject"},
    )
    words = PlainText(
        label="What do you write?",
        help_text="What waits for each of them, with its links, stands below your words. "
        "Name no child or family.",
        rows=6,
        required=True,
        error_messages={"required": "Write what it says"},
    )
    once = forms.UUIDField(widget=forms.HiddenInput)

    def __init__(
        self, data: Any = None, *, people: list[tuple[str, str]], initial: dict[str, Any]
    ) -> None:
        super().__init__(data, initial={"once": uuid4(), **initial})
        cast(forms.MultipleChoiceField, self.fields["to"]).choices = people


class AddressForm(forms.Form):
    email = forms.EmailField(
        label="E-mail address",
        help_text="Their own, or a team’s or shared mailbox. Left empty, they are not written to.",
        required=False,
        max_length=254,
        error_messages={"invalid": "Write an e-mail address, like team@council.example"},
    )


class HoldForm(forms.Form):
    until = DayField(
        label="Until which day?",
        help_text=f"Nothing is written to them up to that day. {DAY_EXAMPLE}",
        required=True,
        error_messages={"required": "Give the last day on which nothing goes"},
    )
    reason = PlainText(label="Why?", help_text="Optional. The programme team reads it.")

    def __init__(self, data: Any = None, *, today: date) -> None:
        super().__init__(data)
        self.today = today

    def clean_until(self) -> date:
        day: date = self.cleaned_data["until"]
        if day < self.today:
            raise forms.ValidationError("Give today or a later day")
        if day > self.today + LONGEST_HOLD:
            raise forms.ValidationError("Give a day within three months")
        return day
