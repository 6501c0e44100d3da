"""Every word of Slack's for "no" has its fault, and a sentence that an operator can act on."""

import pytest

from bot.adapters.slack.client import SlackApi, is_own
from bot.adapters.slack.faults import FAULTS, fault_of
from bot.engine.ports import Misconfigured, RateLimited, SendFault, Unsendable

POST = "chat.postMessage"


def told(error: object, status: int = 200) -> SendFault:
    return fault_of(POST, status, {}, {"ok": False, "error": error})


@pytest.mark.parametrize("error", list(FAULTS))
def test_every_known_word_is_told_in_a_whole_sentence(error: str) -> None:
    fault = told(error)
    assert type(fault) is type(FAULTS[error]())
    assert str(fault).endswith(".")
    assert error not in str(fault)


@pytest.mark.parametrize("error", ["<!here> x", "a\nb", "x" * 9_000, "U123 C123 <@U1>", "ж"])
def test_an_unknown_word_is_kept_without_anything_that_it_should_not_hold(error: str) -> None:
    fault = told(error)
    assert isinstance(fault, Unsendable)
    assert not fault.final
    assert len(str(fault)) < 300
    assert not set("<>!@\n") & set(str(fault))


@pytest.mark.parametrize(
    "answer", [None, [], "no", {}, {"error": None}, {"error": 7}, {"ok": False}]
)
def test_an_answer_without_any_word_is_a_fault_all_the_same(answer: object) -> None:
    assert isinstance(fault_of(POST, 200, {}, answer), SendFault)


@pytest.mark.parametrize("name", ["Retry-After", "retry-after", "RETRY-AFTER"])
def test_the_time_to_wait_is_read_however_it_is_spelled(name: str) -> None:
    fault = fault_of(POST, 429, {name: "30"}, None)
    assert isinstance(fault, RateLimited)
    assert (fault.retry_after, fault.whole) == ("30", False)


def test_a_missing_scope_is_named() -> None:
    answer = {"error": "missing_scope", "needed": "chat:write,im:write", "provided": "commands"}
    fault = fault_of(POST, 200, {}, answer)
    assert isinstance(fault, Misconfigured)
    assert fault.whole
    assert "chat:write,im:write" in str(fault)
    assert isinstance(told("missing_scope"), Misconfigured)


@pytest.mark.parametrize(
    ("url", "own"),
    [
        ("https://files.slack.com/files-pri/T1-F1/a.png", True),
        ("https://slack.com/x", True),
        ("https://files.slack-gov.com/x", True),
        ("http://127.0.0.1:99/upload", True),
        ("http://127.0.0.1:98/upload", False),
        ("http://files.slack.com/x", False),
        ("https://files.slack.com:8443/x", False),
        ("https://me@files.slack.com/x", False),
        ("https://evilslack.com/x", False),
        ("https://slack.com.evil.example/x", False),
        ("https://127.0.0.1:99/upload", False),
        ("//files.slack.com/x", False),
        ("https://[files.slack.com/x", False),
        ("", False),
    ],
)
def test_only_slack_s_own_hosts_and_the_one_we_were_told_of_are_trusted(
    url: str, own: bool
) -> None:
    assert is_own(url, "http://127.0.0.1:99/api/") is own


def test_the_proxy_of_the_environment_is_taken_unless_it_is_not_meant(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setenv("HTTPS_PROXY", "http://proxy.example:3128")
    monkeypatch.setenv("no_proxy", "slack.intern.example")

    def proxy(base: str) -> str | None:
        return SlackApi("xoxb-1", base).proxy

    assert proxy("https://slack.com/api/") == "http://proxy.example:3128"
    assert proxy("https://slack.intern.example/api/") is None
    assert proxy("http://127.0.0.1:8081/api/") is None
