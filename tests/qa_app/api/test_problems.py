"""Whatever goes wrong is answered as a problem document."""

import pytest

from qa_app.core.pages import limiter

ID = "0" * 32


def problem(answer, status: int, code: str) -> dict:
    """Check the form of RFC 9457 and return the document."""
    document = answer.get_json()
    assert answer.content_type == "application/problem+json"
    assert (answer.status_code, document["status"], document["code"]) == (status, status, code)
    assert document["type"] == "about:blank"
    assert document["title"].isascii()
    assert document["detail"]
    return document


def test_an_unknown_address(caller, make_user):
    problem(caller(make_user())("GET", "/nothing"), 404, "not_found")


def test_an_id_that_is_none(caller, make_user):
    problem(caller(make_user())("GET", "/calls/%00"), 404, "not_found")


def test_a_call_that_does_not_exist(caller, make_user):
    problem(caller(make_user())("GET", f"/calls/{ID}"), 404, "call_not_found")


def test_a_method_that_the_address_does_not_know(caller, make_user):
    answer = caller(make_user())("DELETE", "/calls")

    problem(answer, 405, "method_not_allowed")
    assert {"GET", "POST"} <= set(answer.headers["Allow"].split(", "))


def test_a_body_that_is_no_json(caller, make_user):
    call = caller(make_user())

    answer = call(
        "PUT", f"/calls/{ID}/evaluation/submission", data="{", content_type="application/json"
    )

    problem(answer, 400, "bad_request")


def test_a_body_of_another_media_type(caller, make_user):
    call = caller(make_user())

    answer = call("PUT", f"/calls/{ID}/evaluation/submission", data="revision=1")

    problem(answer, 415, "unsupported_media_type")


@pytest.mark.parametrize(
    "body", [{}, {"revision": "1"}, {"revision": 1.5}, {"revision": -1}, {"revision": 1, "x": 1}]
)
def test_a_body_against_the_schema(caller, make_user, body):
    answer = caller(make_user())("PUT", f"/calls/{ID}/evaluation/submission", json=body)

    assert problem(answer, 422, "invalid")["errors"]["json"]


@pytest.mark.parametrize(
    "query",
    [
        "limit=0",
        "limit=1_0",
        "limit=201",
        "cursor=x",
        "cursor=00000000000000-" + "0" * 32 + "%0A",
        "since=yesterday",
        "since=2026-03-12",
        "score_min=1e9",
        "rule=anything",
        "work_list=theirs",
        "sort=score",
        "longer_than_s=nan",
        "words=",
        "words=a%00b",
    ],
)
def test_a_filter_that_cannot_be_understood_is_never_ignored(caller, make_user, query):
    answer = caller(make_user())("GET", f"/calls?{query}")

    assert problem(answer, 422, "invalid")["errors"]["query"]


def test_too_many_requests(app, caller, make_user):
    app.config["API_RATE_LIMIT"] = "3 per minute"
    first, second = caller(make_user()), caller(make_user())
    limiter.enabled = True
    try:
        answers = [first("GET", f"/jobs/{ID}").status_code for _ in range(3)]
        one_more = first("GET", f"/jobs/{ID}")
        other_token = second("GET", f"/jobs/{ID}")
    finally:
        limiter.reset()

    assert answers == [404, 404, 404]
    problem(one_more, 429, "too_many_requests")
    assert other_token.status_code == 404
