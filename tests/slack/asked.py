"""Asking the fake for what it should refuse."""

from typing import Any

import pytest
from slack_sdk.errors import SlackApiError
from slack_sdk.web.async_client import AsyncWebClient

from tests.slack.server import FORM_ONLY

Json = dict[str, Any]


async def refused(client: AsyncWebClient, method: str, **args: object) -> Json:
    how = "params" if method in FORM_ONLY else "json"
    call: Any = client.api_call
    with pytest.raises(SlackApiError) as caught:
        await call(method, **{how: args})
    answer = caught.value.response.data
    assert isinstance(answer, dict)
    return answer


async def word(client: AsyncWebClient, method: str, **args: object) -> str:
    return str((await refused(client, method, **args))["error"])
