"""The description of the API, and the API held against it."""

from pathlib import Path

import pytest
from flask import Flask

from qa_app.users.permissions import Role
from tests.makers import UNSURE_CALL

ROOT = Path(__file__).parents[3]


@pytest.fixture
def description(client) -> dict:
    return client.get("/api/v1/openapi.json").get_json()


def test_every_resource_is_described_and_no_page(app: Flask, description):
    described = {
        (path, method.upper())
        for path, operations in description["paths"].items()
        for method in operations
    }
    routed = {
        (rule.rule.replace("<id:", "{").replace(">", "}"), method)
        for rule in app.url_map.iter_rules()
        if rule.rule.startswith("/api/v1/") and rule.endpoint != "api_openapi.describe"
        for method in rule.methods - {"HEAD", "OPTIONS"}
    }

    assert description["openapi"].startswith("3.1")
    assert described == routed


def test_every_operation_asks_for_a_token_and_says_how_it_refuses(description):
    for path, operations in description["paths"].items():
        for method, operation in operations.items():
            assert operation["security"] == [{"bearer": []}], (path, method)
            assert {"401", "403", "429"} <= set(operation["responses"]), (path, method)
            if "requestBody" in operation:
                assert {"400", "413", "415", "422"} <= set(operation["responses"]), (path, method)


def test_the_description_needs_no_token(client):
    assert client.get("/api/v1/openapi.json").status_code == 200


@pytest.mark.slow
@pytest.mark.parametrize("role", [Role.SUPERVISOR, Role.ADMINISTRATOR])
def test_the_api_keeps_to_its_description(client, make_user, make_call, token_of, role):
    """Schemathesis asks what the description allows and forbids, and checks every answer."""
    import schemathesis.config  # noqa: PLC0415 - importing it takes seconds
    from hypothesis import HealthCheck, Phase, given, settings  # noqa: PLC0415

    app = client.application
    make_call(agent=make_user(Role.AGENT, team="一组"))
    make_call(UNSURE_CALL, role_confidence=0.55)
    token = token_of(make_user(role, team="一组"))
    config = schemathesis.config.SchemathesisConfig.from_path(ROOT / "schemathesis.toml")
    schema = schemathesis.openapi.from_wsgi("/api/v1/openapi.json", app, config=config)
    operations = [result.ok() for result in schema.get_all_operations()]
    assert len(operations) == 28
    for operation in operations:

        @settings(
            max_examples=25,
            deadline=None,
            database=None,
            derandomize=True,
            phases=[Phase.explicit, Phase.generate],
            suppress_health_check=list(HealthCheck),
        )
        @given(case=operation.as_strategy())
        def keep(case) -> None:
            case.call_and_validate(headers={"Authorization": f"Bearer {token}"})

        keep()
