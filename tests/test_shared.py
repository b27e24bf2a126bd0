"""What a missing browser means: a skip for a person, a failure where the caller says that one must be there."""

import pytest

from tests.shared import no_browser


def test_a_missing_browser_skips_with_the_reason(monkeypatch):
    monkeypatch.delenv("ZOPA_BROWSER", raising=False)
    with pytest.raises(pytest.skip.Exception, match="no Chromium"):
        no_browser("no Chromium")


def test_and_fails_where_it_is_required(monkeypatch):
    monkeypatch.setenv("ZOPA_BROWSER", "required")
    with pytest.raises(pytest.fail.Exception, match="no Chromium"):
        no_browser("no Chromium")
