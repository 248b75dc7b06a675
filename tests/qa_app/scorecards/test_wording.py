"""What a criterion costs, in words; and the page that shows the regulation."""

from decimal import Decimal

import pytest

from qa_app.scorecards.models import Criterion
from qa_app.scorecards.scoring import Step
from qa_app.scorecards.wording import cost_in_words
from qa_app.users.permissions import Role


@pytest.mark.parametrize(
    ("step", "words"),
    [
        (Step.ONCE, "扣 3 分，只扣一次，最多扣 9 分"),
        (Step.EACH, "每次扣 3 分，最多扣 9 分"),
        (Step.FLAT, "每宗扣 3 分，每多一宗加扣 2 分，最多扣 9 分"),
        (Step.RISING, "第 1 宗扣 3 分，以后每宗比上一宗多扣 2 分，最多扣 9 分"),
    ],
)
def test_each_way_of_growing_has_its_sentence(app, step, words):
    criterion = Criterion(
        step=step, first_points=Decimal(3), further_points=Decimal(2), cap_points=Decimal(9)
    )
    with app.test_request_context():
        assert cost_in_words(criterion) == words


def test_the_regulation_is_shown_clause_by_clause(make_user, sign_in):
    page = sign_in(make_user(Role.AGENT)).get("/scorecards/", follow_redirects=True).text
    assert "在监听过程中听到班员讲粗口，每发现一次扣1分。" in page
    assert "每宗扣 3 分，每多一宗加扣 2 分" in page


def test_a_version_that_is_not_there_is_not_found(make_user, sign_in):
    assert sign_in(make_user(Role.INSPECTOR)).get("/scorecards/none").status_code == 404
