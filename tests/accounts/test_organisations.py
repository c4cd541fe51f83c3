"""An organisation that signs its own people in, by OpenID Connect, against a provider that runs."""

import logging

import pytest

from tests.accounts.conftest import PASSWORD
from tests.oidc import CLIENT, SECRET, answered, organisation_serving
from wsoa.accounts.models import User

SIGN_IN, GO = "/sign-in/", "/sign-in/with/council/"
# The site's own host, in front of what the provider sends back.
HOST = "http://testserver"


@pytest.fixture(scope="module")
def provider():
    with organisation_serving() as (address, _):
        yield address


def one(address, key="council", domains=("example.org",), **more):
    return {
        "id": key,
        "name": "Sampleshire County Council",
        "server": address,
        "client": CLIENT,
        "secret": SECRET,
        "domains": list(domains),
        **more,
    }


def use(settings, *organisations):
    settings.ORGANISATIONS = list(organisations)
    settings.SOCIALACCOUNT_PROVIDERS = {
        "openid_connect": {
            "OAUTH_PKCE_ENABLED": True,
            "APPS": [
                {
                    "provider_id": each["id"],
                    "name": each["name"],
                    "client_id": each["client"],
                    "secret": each["secret"],
                    "settings": {"server_url": each["server"]},
                }
                for each in organisations
            ],
        }
    }


@pytest.fixture
def council(provider, settings):
    use(settings, one(provider))


@pytest.fixture
def log(caplog):
    caplog.set_level(logging.INFO, "wsoa.security")
    return lambda: [
        each.getMessage().split()[0] for each in caplog.records if each.name == "wsoa.security"
    ]


def come_back(client, email, but="", to=GO):
    back = answered(client.get(to).url, email, but)
    assert back.startswith(f"{HOST}{GO}back/")
    return client.get(back.removeprefix(HOST))


def is_signed_in(client) -> bool:
    return "_auth_user_id" in client.session


def test_she_goes_to_their_page_and_comes_back_to_where_she_was_going(client, amina, council, log):
    page = client.post(f"{SIGN_IN}?next=/account/", {"username": "Amina@Example.org"})
    assert "Sampleshire County Council signs you in" in page.text
    assert f'href="{GO}?next=/account/"' in page.text
    answer = come_back(client, "Amina@Example.org", to=f"{GO}?next=/account/")
    assert answer.url == "/account/"
    assert is_signed_in(client)
    assert log() == ["signed-in"]


def test_whoever_has_an_address_elsewhere_goes_on_to_the_password(client, amina, council):
    assert client.post(SIGN_IN, {"username": "x@nhs.example"}).url == "/sign-in/password/"


def test_an_address_of_another_domain_is_not_theirs_to_vouch_for(client, amina, provider, settings):
    use(settings, one(provider, domains=("council.example",)))
    refused = come_back(client, "amina@example.org")
    assert refused.url == SIGN_IN
    assert "has no account here" in client.get(SIGN_IN).text
    assert not is_signed_in(client)


@pytest.mark.parametrize("email", ["nobody@example.org", "amina@sub.example.org", "amina"])
def test_an_address_without_an_account_comes_in_by_nothing(client, amina, council, email, log):
    come_back(client, email)
    assert log() == ["organisation-refused"]
    assert not is_signed_in(client)
    assert User.objects.count() == 1


@pytest.mark.parametrize("but", ["unverified", "cancelled", "broken"])
def test_an_answer_that_does_not_hold_signs_nobody_in(client, amina, council, but):
    assert come_back(client, "amina@example.org", but).url == SIGN_IN
    assert not is_signed_in(client)


def test_somebody_switched_off_does_not_come_in(client, amina, council):
    User.objects.update(is_active=False)
    come_back(client, "amina@example.org")
    assert not is_signed_in(client)


def test_an_answer_counts_once_and_in_the_browser_that_asked(client, amina, council):
    back = answered(client.get(GO).url, "amina@example.org").removeprefix(HOST)
    other = type(client)()
    other.get(back)
    assert not is_signed_in(other)
    client.get(back)
    assert is_signed_in(client)
    client.post("/sign-out/")
    client.get(back)
    assert not is_signed_in(client)


def test_a_provider_that_is_away_leaves_the_other_ways(client, amina, settings):
    with organisation_serving() as (address, process):
        use(settings, one(address))
        back = answered(client.get(GO).url, "amina@example.org").removeprefix(HOST)
        process.terminate()
        process.wait(10)
        assert client.get(back).url == SIGN_IN
        assert client.get(GO).url == SIGN_IN
    assert "did not sign you in" in client.get(SIGN_IN).text
    client.post("/sign-in/password/", {"username": "amina@example.org", "password": PASSWORD})
    assert is_signed_in(client)


def test_it_may_be_the_only_way_in(client, amina, provider, settings, mails):
    use(settings, one(provider, only=True))
    refused = client.post(
        "/sign-in/password/", {"username": "amina@example.org", "password": PASSWORD}
    )
    assert "do not match an account in use" in refused.text
    page = client.post(SIGN_IN, {"username": "amina@example.org", "by": "code"})
    assert "signs you in" in page.text
    assert "Send me a code" not in page.text
    client.post("/password/forgotten/", {"username": "amina@example.org"})
    assert "/password/new/" not in mails.to("amina@example.org").get_content()
    come_back(client, "amina@example.org")
    assert is_signed_in(client)


def test_beside_it_a_code_by_mail_where_the_part_allows_it(client, amina, council, mails):
    page = client.post(SIGN_IN, {"username": "amina@example.org"})
    assert "Send me a code by mail" in page.text
    assert mails.none_to("amina@example.org")
    client.post(SIGN_IN, {"username": "amina@example.org", "by": "code"})
    mails.to("amina@example.org")


def test_several_organisations_each_with_its_domains(client, amina, provider, settings):
    nhs = one(provider, key="nhs", domains=("nhs.example",)) | {"name": "Sample NHS Trust"}
    use(settings, one(provider), nhs)
    page = client.post(SIGN_IN, {"username": "x@nhs.example"})
    assert "Sample NHS Trust signs you in" in page.text
    # One does not vouch for the other's people.
    back = answered(client.get("/sign-in/with/nhs/").url, "amina@example.org")
    client.get(back.removeprefix(HOST))
    assert not is_signed_in(client)


def test_the_second_step_is_theirs_to_ask(client, manager, council, settings):
    settings.SECOND_STEP_FOR = ["superuser"]
    come_back(client, manager.email)
    assert is_signed_in(client)


def test_an_organisation_that_nobody_set_up_is_not_found(client, db, council):
    assert client.get("/sign-in/with/other/").status_code == 404
