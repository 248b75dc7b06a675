"""Another system with a token."""

from collections.abc import Callable

import pytest
from flask.testing import FlaskClient
from sqlalchemy.orm import Session

from qa_app.core.db import unit_of_work
from qa_app.users.models import User
from qa_app.users.services import create_token
from tests.makers import NOON


@pytest.fixture
def token_of(session: Session) -> Callable[[User], str]:
    """Return the text of a new token of a user."""

    def make(user: User) -> str:
        with unit_of_work(session) as work:
            return create_token(work, user=user, name="测试", now=NOON)[1]

    return make


@pytest.fixture
def caller(client: FlaskClient, token_of: Callable[[User], str]):
    """Return a function that calls the API as a user."""

    def become(user: User):
        token = token_of(user)

        def call(method: str, path: str, **more):
            headers = {"Authorization": f"Bearer {token}", **more.pop("headers", {})}
            return client.open(f"/api/v1{path}", method=method, headers=headers, **more)

        return call

    return become
