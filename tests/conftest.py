"""A logged error fails the test in which it was logged, unless that test claims it."""

import gc
import logging
import os
import re
import shutil
from collections.abc import Iterator
from pathlib import Path

import pytest
import structlog

MEMORY, ROOM = Path("/dev/shm"), 4 << 30


def pytest_configure() -> None:
    """Folders of tests lie in memory where there is plenty of it.

    Every commit waits until the disk has it; no test can pull the plug, and half of the time of
    those with a database would be this waiting. PYTEST_DEBUG_TEMPROOT says otherwise.
    """
    # All that was imported lives to the end: a suite need not look through it so often.
    gc.set_threshold(20_000, 20, 20)
    usable = MEMORY.is_dir() and os.access(MEMORY, os.W_OK | os.X_OK)
    if usable and shutil.disk_usage(MEMORY).free > ROOM:
        os.environ.setdefault("PYTEST_DEBUG_TEMPROOT", str(MEMORY))


class ExpectedErrors:
    """The errors (level ERROR and above) that the running test has logged and not yet claimed."""

    def __init__(self) -> None:
        self.unclaimed: list[logging.LogRecord] = []

    def claim(self, pattern: str) -> list[logging.LogRecord]:
        """Take every error whose message matches the regular expression `pattern`.

        There must be at least one. Call it after the errors were logged.
        """
        claimed = [record for record in self.unclaimed if re.search(pattern, record.getMessage())]
        assert claimed, f"no logged error matches {pattern!r}: {self.messages()}"
        self.unclaimed = [record for record in self.unclaimed if record not in claimed]
        return claimed

    def messages(self) -> list[str]:
        """What is still unclaimed, as `logger: message`."""
        return [f"{record.name}: {record.getMessage()}" for record in self.unclaimed]


@pytest.fixture(autouse=True)
def expected_errors(monkeypatch: pytest.MonkeyPatch) -> Iterator[ExpectedErrors]:
    """Ask for it in a test that provokes errors, and claim them: `expected_errors.claim("full")`.

    It listens where every logger passes, so one that does not propagate cannot hide.
    """
    errors = ExpectedErrors()
    pass_on = logging.Logger.callHandlers

    def listen(logger: logging.Logger, record: logging.LogRecord) -> None:
        if record.levelno >= logging.ERROR:
            errors.unclaimed.append(record)
        pass_on(logger, record)

    monkeypatch.setattr(logging.Logger, "callHandlers", listen)
    structlog.configure(
        processors=[structlog.stdlib.render_to_log_kwargs],
        wrapper_class=structlog.stdlib.BoundLogger,
        logger_factory=structlog.stdlib.LoggerFactory(),
        cache_logger_on_first_use=False,
    )
    yield errors
    if errors.unclaimed:
        pytest.fail(f"logged errors that nobody claimed: {errors.messages()}", pytrace=False)
