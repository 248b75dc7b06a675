"""Evaluations over HTTP: decide, add, submit, withdraw."""

import pytest

from qa_app.users.permissions import Role

REASON = "第 7 秒说“你他妈”，是粗口"


@pytest.fixture
def review(caller, make_user, make_call):
    """An inspector's way to the evaluation of a rude call."""
    made = make_call(agent=make_user(Role.AGENT, team="一组"))
    call = caller(make_user())

    def act(method: str, path: str = "", **more):
        return call(method, f"/calls/{made.id}/evaluation{path}", **more)

    return act


def proposals(review) -> list[dict]:
    return review("GET").get_json()["deductions"]


def decide_all(review) -> dict:
    """Confirm what stands, and return the evaluation then."""
    document = review("GET").get_json()
    for deduction in document["deductions"]:
        answer = review(
            "POST",
            f"/deductions/{deduction['id']}/confirm",
            json={"revision": document["revision"]},
        )
        document = answer.get_json()
    return document


def test_only_what_a_person_confirmed_counts(review):
    before = review("GET").get_json()
    profanity = next(d for d in before["deductions"] if float(d["points"]) > 0)

    after = review(
        "POST", f"/deductions/{profanity['id']}/confirm", json={"revision": before["revision"]}
    ).get_json()

    assert before["confirmed_points"] == "100"
    expected = 100 - float(profanity["points"])
    assert float(after["confirmed_points"]) == expected
    assert after["revision"] == before["revision"] + 1


def test_a_dismissal_says_why_and_its_finding_is_dismissed_too(review):
    document = review("GET").get_json()
    deduction = document["deductions"][0]

    after = review(
        "POST",
        f"/deductions/{deduction['id']}/dismiss",
        json={"revision": document["revision"], "reason": "客户自己先说的，不是坐席"},
    ).get_json()

    one = next(d for d in after["deductions"] if d["id"] == deduction["id"])
    assert (one["status"], one["dismiss_reason"]) == ("dismissed", "客户自己先说的，不是坐席")


@pytest.mark.parametrize("reason", ["", "不对", "　　　　　　　　", "     不对"])
def test_a_dismissal_without_a_readable_reason_is_refused(review, reason):
    document = review("GET").get_json()

    answer = review(
        "POST",
        f"/deductions/{document['deductions'][0]['id']}/dismiss",
        json={"revision": document["revision"], "reason": reason},
    )

    assert answer.status_code == 422
    assert proposals(review)[0]["status"] == "machine"


def test_a_decision_can_be_taken_back(review):
    document = review("GET").get_json()
    path = f"/deductions/{document['deductions'][0]['id']}"
    confirmed = review(
        "POST", f"{path}/confirm", json={"revision": document["revision"]}
    ).get_json()

    undone = review("POST", f"{path}/undo", json={"revision": confirmed["revision"]}).get_json()

    assert undone["deductions"][0]["status"] == "machine"
    assert undone["confirmed_points"] == "100"


def test_a_decision_on_an_older_revision_is_refused(review):
    document = review("GET").get_json()
    path = f"/deductions/{document['deductions'][0]['id']}/confirm"
    review("POST", path, json={"revision": document["revision"]})

    answer = review("POST", path, json={"revision": document["revision"]})

    assert (answer.status_code, answer.get_json()["code"]) == (409, "evaluation_changed")


def test_a_deduction_of_another_call_is_not_found(review, caller, make_user, make_call):
    document = review("GET").get_json()
    other = make_call()
    call = caller(make_user())
    revision = call("GET", f"/calls/{other.id}/evaluation").get_json()["revision"]

    answer = call(
        "POST",
        f"/calls/{other.id}/evaluation/deductions/{document['deductions'][0]['id']}/confirm",
        json={"revision": revision},
    )

    assert answer.status_code == 404


def addition(review, **changes) -> dict:
    document = review("GET").get_json()
    criterion = next(d["criterion_id"] for d in document["deductions"] if d["criterion_id"])
    return {
        "criterion_id": criterion,
        "start_s": 7.5,
        "end_s": 10.5,
        "reason": REASON,
        "revision": document["revision"],
        **changes,
    }


def test_an_added_deduction_is_confirmed_at_once(review):
    answer = review("POST", "/deductions", json=addition(review))

    assert answer.status_code == 201
    (added,) = [d for d in answer.get_json()["deductions"] if d["origin"] == "person"]
    assert (added["status"], added["reason"], added["start_s"]) == ("confirmed", REASON, 7.5)


def test_an_addition_repeated_under_its_key_is_done_once(review):
    body = addition(review)

    answers = [
        review("POST", "/deductions", json=body, headers={"Idempotency-Key": "a"}) for _ in range(2)
    ]

    assert [answer.status_code for answer in answers] == [201, 201]
    assert answers[0].get_json() == answers[1].get_json()
    assert len([d for d in proposals(review) if d["origin"] == "person"]) == 1


@pytest.mark.parametrize(
    ("changes", "status"),
    [
        ({"start_s": 10.5, "end_s": 7.5}, 422),
        ({"end_s": 4000.0}, 422),
        ({"start_s": -1}, 422),
        ({"reason": "不行"}, 422),
        ({"criterion_id": "0" * 32}, 404),
        ({"start_s": "7.5x"}, 422),
    ],
)
def test_an_addition_that_makes_no_sense_is_refused(review, changes, status):
    assert review("POST", "/deductions", json=addition(review, **changes)).status_code == status
    assert not [d for d in proposals(review) if d["origin"] == "person"]


def test_what_is_undecided_cannot_be_submitted(review):
    revision = review("GET").get_json()["revision"]

    answer = review("PUT", "/submission", json={"revision": revision})

    assert (answer.status_code, answer.get_json()["code"]) == (409, "decisions_pending")


def test_a_submitted_evaluation_stands_until_it_is_withdrawn(review):
    decided = decide_all(review)

    submitted = review("PUT", "/submission", json={"revision": decided["revision"]}).get_json()
    refused = review(
        "POST",
        f"/deductions/{submitted['deductions'][0]['id']}/undo",
        json={"revision": submitted["revision"]},
    )
    withdrawn = review("DELETE", "/submission").get_json()

    assert submitted["status"] == "submitted"
    assert submitted["score_points"] == submitted["confirmed_points"] == decided["confirmed_points"]
    assert submitted["submitted_at"]
    assert (refused.status_code, refused.get_json()["code"]) == (409, "evaluation_submitted")
    assert (withdrawn["status"], withdrawn["submitted_at"]) == ("draft", None)


def test_a_call_that_was_never_scored_has_no_evaluation(caller, make_user, make_call):
    made = make_call((), processed=False)

    answer = caller(make_user())("GET", f"/calls/{made.id}/evaluation")

    assert (answer.status_code, answer.get_json()["code"]) == (404, "evaluation_not_found")
