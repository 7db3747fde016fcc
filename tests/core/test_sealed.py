import pytest

from core.sealed import CannotOpen, seal, unseal


def test_a_secret_comes_back_and_lies_unreadable():
    lying = seal("whsec_secret")
    assert "whsec_secret" not in lying
    assert unseal(lying) == "whsec_secret"


def test_after_a_new_key_old_secrets_open_while_the_old_key_is_a_fallback(settings):
    lying, before = seal("word"), settings.SECRET_KEY
    settings.SECRET_KEY, settings.SECRET_KEY_FALLBACKS = "another key", [before]
    assert unseal(lying) == "word"
    settings.SECRET_KEY_FALLBACKS = []
    with pytest.raises(CannotOpen):
        unseal(lying)
