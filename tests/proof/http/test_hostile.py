"""Whatever is sent, there is a sentence, and the next one is served."""

from pathlib import Path

import pytest

from tests.proof.http.hostile import prove


@pytest.mark.timeout(300)
async def test_every_bad_request_gets_a_sentence_and_hurts_nobody(tmp_path: Path) -> None:
    found = await prove(tmp_path)
    assert not found.wrong
    assert found.statuses.total() > 500
