"""The real process: what its log says from the start to the end, and in which order."""

import asyncio
import json
import signal
import sys
from pathlib import Path

from tests.tidy import ROOT


async def test_the_log_of_a_process_that_is_stopped_is_in_order(tmp_path: Path) -> None:
    process = await asyncio.create_subprocess_exec(
        sys.executable,
        *("-m", "bot", "run", "--port", "0", "--data", str(tmp_path / "data"), "--log", "json"),
        cwd=ROOT,
        stdout=asyncio.subprocess.PIPE,
        stderr=asyncio.subprocess.PIPE,
    )
    assert process.stdout is not None
    assert process.stderr is not None
    lines = []
    async with asyncio.timeout(60):
        try:
            while line := await process.stderr.readline():
                lines.append(json.loads(line))
                if lines[-1]["event"].startswith("Started"):
                    process.send_signal(signal.SIGTERM)
            assert await process.wait() == 0
        finally:
            if process.returncode is None:
                process.kill()
    said = [line["event"] for line in lines]
    ends = ["stopping: what is in is being finished", "Shutting down", "stopped"]
    assert [one for one in said if one in ends] == ends
    names = {line["logger"] for line in lines}
    assert "http" in names
    assert not any("error" in name for name in names)
