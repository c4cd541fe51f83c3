"""Settings that are missing or malformed stop the start and name themselves."""

from __future__ import annotations

import subprocess
import sys

import pytest

from wsoa.embedded_postgres import ROOT

PRODUCTION = {
    "DATABASE_URL": "postgresql://plans@db.example/plans",
    "SECRET_KEY": "a long and random one",
    "ALLOWED_HOSTS": "plans.example.org, www.plans.example.org",
}


def setting(expression: str, **changes: str) -> str:
    """The value of a setting under production's environment with changes; or why there is none."""
    program = f"from wsoa import settings; print(settings.{expression})"
    run = subprocess.run(
        [sys.executable, "-c", program],
        cwd=ROOT,
        env=PRODUCTION | changes,
        capture_output=True,
        text=True,
        check=False,
    )
    return run.stdout.strip() if run.returncode == 0 else run.stderr.strip().splitlines()[-1]


@pytest.mark.parametrize("name", PRODUCTION)
def test_what_production_needs_must_be_set(name):
    assert setting("DEBUG", **{name: ""}).endswith(f"Set the environment variable {name}.")


def test_mail_is_sent_where_both_its_server_and_its_sender_are_named():
    both = {"MAIL_URL": "smtp+tls://me%40a.example:secret@mail.example", "MAIL_FROM": "a@b.example"}
    parts = "EMAIL_HOST, settings.EMAIL_HOST_USER, settings.EMAIL_USE_TLS"
    assert setting(parts, **both) == "mail.example me@a.example True"
    assert setting("MAIL_FROM") == ""
    for name in both:
        one = both | {name: ""}
        assert setting("MAIL_FROM", **one).endswith(f"Set the environment variable {name}.")


def test_ways_to_sign_in_are_given_to_roles_that_there_are():
    assert setting("CODE_FOR") == "['lead', 'member', 'forum', 'reader']"
    assert setting("CODE_FOR", CODE_FOR="none") == "[]"
    assert setting("CODE_FOR", CODE_FOR="lead, boss").endswith(
        "CODE_FOR names no role of ours: boss."
    )


@pytest.mark.parametrize("text", ["council", "{}[", '[{"id": "council"}]', "[1]"])
def test_organisations_are_named_as_the_docs_show_it(text):
    assert setting("ORGANISATIONS", ORGANISATIONS=text).endswith("as docs/signing-in.md shows it.")


def test_a_switch_is_on_or_off_and_nothing_between():
    assert setting("DEBUG", DEBUG="true").endswith("DEBUG must be 'on' or 'off', not 'true'.")


def test_production_is_the_default_and_is_strict():
    assert setting("DEBUG") == "False"
    assert setting("SESSION_COOKIE_SECURE") == "True"
    assert setting("SECURE_SSL_REDIRECT") == "True"
    assert setting("ALLOWED_HOSTS") == "['plans.example.org', 'www.plans.example.org']"
    assert "Manifest" in setting("STORAGES['staticfiles']['BACKEND']")


def test_the_owner_of_the_tables_is_known_only_where_it_is_said_and_is_no_database_of_the_site():
    assert setting("DATABASE_OWNER") == "None"
    owner = {"DATABASE_OWNER_URL": "postgresql://owner@db.example/plans"}
    assert setting("DATABASE_OWNER['USER']", **owner) == "owner"
    assert setting("DATABASES['default']['USER']", **owner) == "plans"
    assert setting("DATABASES.keys()", **owner) == "dict_keys(['default'])"


def test_production_does_without_the_sample_and_its_commands():
    assert setting("INSTALLED_APPS.count('wsoa.demo')") == "0"
    assert setting("INSTALLED_APPS.count('wsoa.demo')", DEMO="on") == "1"


def test_a_proxy_is_believed_only_where_there_is_one():
    assert setting("SECURE_PROXY_SSL_HEADER") == "None"
    assert "HTTP_X_FORWARDED_PROTO" in setting("SECURE_PROXY_SSL_HEADER", BEHIND_PROXY="on")


def test_the_client_is_read_from_as_many_proxies_as_are_trusted():
    assert setting("TRUSTED_PROXIES") == "0"
    assert setting("TRUSTED_PROXIES", BEHIND_PROXY="on") == "1"
    assert setting("TRUSTED_PROXIES", TRUSTED_PROXIES="2") == "2"
    refused = "TRUSTED_PROXIES must be a whole number from 0, not 'all'."
    assert setting("TRUSTED_PROXIES", TRUSTED_PROXIES="all").endswith(refused)


def test_evidence_is_kept_where_it_is_said_and_never_where_files_are_served():
    assert setting("EVIDENCE_ROOT").endswith("/.local/evidence")
    assert setting("EVIDENCE_ROOT", EVIDENCE_ROOT="/srv/evidence") == "/srv/evidence"
    inside = setting("STATIC_ROOT") + "/evidence"
    refused = "EVIDENCE_ROOT must not lie where static files are served from."
    assert setting("EVIDENCE_ROOT", EVIDENCE_ROOT=inside).endswith(refused)


@pytest.mark.parametrize("size", ["10 MB", "0", "-1", "1.5"])
def test_the_size_of_evidence_is_a_whole_number(size):
    assert setting("EVIDENCE_MAX_BYTES") == "10485760"
    words = f"EVIDENCE_MAX_BYTES must be a whole number from 1, not '{size}'."
    assert setting("EVIDENCE_MAX_BYTES", EVIDENCE_MAX_BYTES=size).endswith(words)


def test_the_product_can_be_named():
    assert setting("PRODUCT_NAME", PRODUCT_NAME="Our plan") == "Our plan"
