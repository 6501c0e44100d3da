"""The promises of tests/conftest.py, kept in a test run of their own."""

from collections.abc import Callable
from pathlib import Path

import pytest

HERE = Path(__file__).parent
CONFTEST = (HERE / "conftest.py").read_text()
SETTINGS = (HERE.parent / "pyproject.toml").read_text()

LOGGING_TESTS = """
    import logging
    import structlog

    def test_standard():
        logging.getLogger("any").error("a disk is full")

    def test_structured():
        structlog.get_logger("any").error("a disk is full", folder="x")

    def test_not_propagating():
        quiet = logging.getLogger("quiet")
        quiet.propagate = False
        quiet.critical("a disk is full")

    async def test_in_the_loop():
        logging.getLogger("any").exception("a disk is full")

    def test_warning():
        logging.getLogger("any").warning("a disk is nearly full")

    def test_claimed(expected_errors):
        logging.getLogger("any").error("disk %s is full", 1)
        assert expected_errors.claim("disk 1 is full")

    def test_claimed_but_not_all(expected_errors):
        logging.getLogger("any").error("a disk is full")
        logging.getLogger("any").error("a key is gone")
        expected_errors.claim("disk")
"""

SKIPPED_TESTS = """
    import pytest

    pytestmark = pytest.mark.skip(reason="no browser")

    def test_press(): pass
    def test_claim(): pass
"""

Run = Callable[..., pytest.RunResult]


@pytest.fixture
def run(pytester: pytest.Pytester) -> Run:
    """Runs tests under this project's settings in a folder and a process of their own."""

    def run(tests: str, *args: str) -> pytest.RunResult:
        pytester.makeconftest(CONFTEST)
        pytester.makepyprojecttoml(SETTINGS)
        pytester.makepyfile(tests)
        return pytester.runpytest_subprocess(*args, ".")

    return run


def test_a_logged_error_fails_its_test_unless_claimed(run: Run) -> None:
    result = run(LOGGING_TESTS)
    result.assert_outcomes(passed=7, errors=5)
    result.stdout.fnmatch_lines(
        [
            "*ERROR at teardown of test_standard*",
            "*ERROR at teardown of test_structured*",
            "*ERROR at teardown of test_not_propagating*",
            "*ERROR at teardown of test_in_the_loop*",
            "*ERROR at teardown of test_claimed_but_not_all*",
            "*nobody claimed: *'any: a key is gone'*",
        ]
    )


def test_claiming_an_error_that_was_not_logged_fails(run: Run) -> None:
    run("def test_it(expected_errors): expected_errors.claim('disk')").assert_outcomes(failed=1)


def test_a_warning_fails_its_test(run: Run) -> None:
    run("import warnings\ndef test_it(): warnings.warn('old')").assert_outcomes(failed=1)


def test_every_skipped_test_is_listed_by_name(run: Run) -> None:
    result = run(SKIPPED_TESTS, "-n", "2")
    result.assert_outcomes(skipped=2)
    result.stdout.fnmatch_lines_random(["*::test_press*no browser*", "*::test_claim*no browser*"])
