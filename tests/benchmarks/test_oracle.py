"""The comparison of `tests/oracle` over many more histories: ORACLE_HISTORIES plans of ten
commitments each, 200 unless set."""

import os

import pytest

from tests.oracle.test_oracle import check

PLANS = int(os.environ.get("ORACLE_HISTORIES", 200))


# Others than those of every test run, which are the first ones.
@pytest.mark.parametrize("seed", range(1001, 1001 + PLANS))
def test_thousands_of_histories(seed, client, db):
    check(seed, client)
