import pytest

ME = "/api/me"


def test_headers_count_down(cast):
    client = cast.client("eddie")

    first, second = client.get(ME), client.get(ME)

    assert first["RateLimit-Policy"] == '"default";q=1200;w=60'
    assert first["RateLimit"].startswith('"default";r=1199;')
    assert second["RateLimit"].startswith('"default";r=1198;')


def test_who_asks_too_often_has_to_wait(cast, settings):
    settings.API_REQUESTS_PER_MINUTE = 2
    client = cast.client("eddie")

    answers = [client.get(ME) for _ in range(3)]

    assert [answer.status_code for answer in answers] == [200, 200, 429]
    assert answers[-1]["Content-Type"] == "application/problem+json"
    assert 0 < int(answers[-1]["Retry-After"]) <= 60
    assert cast.client("bob").get(ME).status_code == 200


def test_guessing_tokens_is_slowed_down(cast, client, settings):
    settings.API_FAILED_SIGN_INS_PER_MINUTE = 3
    header = {"Authorization": "Token codex_guess"}

    codes = [client.get(ME, headers=header).status_code for _ in range(5)]

    assert codes == [401, 401, 401, 429, 429]


def test_a_cache_that_is_away_closes_nothing(cast, settings, monkeypatch):
    from core.api import limits

    class Away:
        def add(self, *_args, **_options):
            raise OSError("no cache")

    monkeypatch.setattr(limits, "cache", Away())

    assert cast.client("eddie").get(ME).status_code == 200


@pytest.mark.django_db
def test_a_process_says_that_it_lives_and_can_serve(client):
    assert client.get("/livez").content == b"ok\n"
    told = client.get("/readyz").json()
    told.pop("beat")  # no beat runs in tests
    assert told == {"ready": True, "database": "ok", "broker": "ok", "migrations": "ok"}


@pytest.mark.django_db
def test_without_a_broker_it_is_not_ready(client, settings):
    settings.CELERY_BROKER_URL = "redis+socket:///nowhere/valkey.sock"

    response = client.get("/readyz")

    assert response.status_code == 503
    assert response.json()["database"] == "ok"
    assert response.json()["broker"] != "ok"
