"""Schemathesis makes up requests from the document itself: each answer is one that the document describes.

`API_EXAMPLES` says how many for each operation and kind (valid, invalid), `API_WALKS` how many walks along the links.
They are the same each time. Not asked is whether all that fits the schema is accepted: no schema can say that a cursor
is one of ours, or that a line names its variant once.
"""

import asyncio
import copy
import os
from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import timedelta
from typing import Any

import pytest
import requests
import schemathesis
from hypothesis import HealthCheck, Phase, given, settings
from hypothesis import strategies as st
from schemathesis import Case, GenerationMode
from schemathesis.checks import not_a_server_error
from schemathesis.specs.openapi import checks

from components.foundation import clock
from components.people import api_keys, customer_accounts
from tests.support import threads
from tests.support.programs import document, key_for
from tests.support.shops import Shop
from tests.web.api.test_docs import given as world

EXAMPLES, WALKS = int(os.environ.get("API_EXAMPLES", "10")), int(os.environ.get("API_WALKS", "100"))
CHECKS = [
    not_a_server_error,
    checks.status_code_conformance,
    checks.content_type_conformance,
    checks.response_headers_conformance,
    checks.response_schema_conformance,
    checks.negative_data_rejection,
    checks.missing_required_header,
]
__all__ = ["world"]


@dataclass
class Asking:
    """Every caller in turn: a guest, a key of each scope, and one of all."""

    session: requests.Session
    keys: tuple[str, ...]
    statuses: Counter[tuple[str, int]] = field(default_factory=Counter)

    def ask(self, case: Case, key: str) -> Any:
        """A second later, so that no key asks more often than it may."""
        clock.set_everywhere(clock.now() + timedelta(seconds=1))
        headers = {"Authorization": f"Bearer {key}"} if key else {}
        answer = case.call(base_url=threads.ADDRESS, session=self.session, headers=headers)
        self.statuses[case.operation.label, answer.status_code] += 1
        case.validate_response(answer, checks=CHECKS, headers=headers)
        return answer


@pytest.fixture
async def asking(shop: Shop, world: dict[str, str]) -> Asking:
    owner = await customer_accounts.by_email("iris@kiln.test")
    assert owner is not None
    keys = [await key_for(owner.id, scope, name=scope) for scope in api_keys.SCOPES]
    return Asking(threads.session(shop.app), ("", world["$KEY"], *keys))


def strict() -> Any:
    """The document without its “every other answer”: only what each operation lists. Keys are ours to send."""
    made = copy.deepcopy(document())
    for operations in made["paths"].values():
        for operation in operations.values():
            operation["responses"].pop("default")
            operation.pop("security", None)
    return schemathesis.openapi.from_dict(made)


def same_each_time(examples: int, **more: Any) -> settings:
    return settings(max_examples=examples, deadline=None, derandomize=True, database=None, phases=[Phase.generate],
                    suppress_health_check=list(HealthCheck), **more)  # fmt: skip


async def test_whatever_is_asked_is_answered_as_documented(asking: Asking) -> None:
    await asyncio.to_thread(ask_everything, asking)
    assert len({operation for operation, _ in asking.statuses}) == 17, asking.statuses
    assert {200, 401, 403, 404, 422} <= {status for _, status in asking.statuses}, asking.statuses


def ask_everything(asking: Asking) -> None:
    for found in strict().get_all_operations():
        operation = found.ok()
        modes = [GenerationMode.POSITIVE]
        if any(one.location in ("query", "header") for one in operation.iter_parameters()) or operation.body:
            modes.append(GenerationMode.NEGATIVE)
        for mode in modes:
            made_up(operation, mode, asking)()


def made_up(operation: Any, mode: GenerationMode, asking: Asking) -> Callable[[], None]:
    @same_each_time(EXAMPLES)
    @given(case=operation.as_strategy(generation_mode=mode), key=st.sampled_from(asking.keys))
    def one(case: Case, key: str) -> None:
        asking.ask(case, key)

    return one


async def test_along_the_links_of_the_document(asking: Asking) -> None:
    """What an answer leads to is there, and answers as documented too."""
    await asyncio.to_thread(walk, asking)
    led_to = {operation for operation, status in asking.statuses if status == 200 and "{" in operation}
    assert {"GET /api/v1/products/{slug}", "GET /api/v1/orders/{number}", "GET /api/v1/figures/{key}"} <= led_to, (
        asking.statuses
    )


def walk(asking: Asking) -> None:
    class Walk(strict().as_state_machine()):  # type: ignore[misc]
        def call(self, case: Case, **_: Any) -> Any:
            return asking.ask(case, asking.keys[1])

        def validate_response(self, *_: Any, **__: Any) -> None:
            """Done where it was asked."""

    Walk.run(settings=same_each_time(WALKS, stateful_step_count=8))
