"""`muster run --demo`, the real process: within a minute the desk is alive."""

import asyncio
import re
import signal
import sys
from collections import Counter
from pathlib import Path

import pytest
from httpx2 import AsyncClient

from bot.commands.serve import serve
from bot.core.errors import MusterError
from bot.demo.folder import is_demonstration, make_ready
from bot.settings import Settings
from tests.tidy import ROOT

STATUS = re.compile(r'class="badge status">([^<]+)<')
OPEN = ("Open", "Acknowledged", "In progress", "On hold")
SECONDS = 60


async def _said(process: asyncio.subprocess.Process, words: str) -> str:
    """What it said until `words` came, with them."""
    assert process.stdout is not None
    return (await process.stdout.readuntil(words.encode())).decode()


async def test_within_a_minute_the_desk_is_alive(tmp_path: Path) -> None:
    data = tmp_path / "demo"
    process = await asyncio.create_subprocess_exec(
        sys.executable,
        *("-m", "bot", "run", "--demo", "--port", "0", "--data", str(data)),
        cwd=ROOT,
        stdout=asyncio.subprocess.PIPE,
        stderr=asyncio.subprocess.PIPE,
    )
    try:
        async with asyncio.timeout(SECONDS):
            greeting = await _said(process, "Playing the shift so far")
            told = await _said(process, "the pace of the clock")
            assert "done" in told
            assert "made up" in greeting
            link = re.search(r"http://\S+/agent", greeting)
            assert link is not None
            await _look(link[0])
            await _look_over_a_shoulder(link[0].replace("/agent", "/waiting"))
            process.send_signal(signal.SIGINT)
            _, errors = await process.communicate()
        assert process.returncode == 0
        assert errors == b""
        assert is_demonstration(data)
    finally:
        if process.returncode is None:
            process.kill()
            await process.wait()


async def _look_over_a_shoulder(link: str) -> None:
    async with AsyncClient() as client:
        conversation = (await client.get(link)).headers["location"]
    assert conversation.startswith("/chat#back=")


async def _look(link: str) -> None:
    async with AsyncClient(follow_redirects=True) as client:
        page = await client.get(link)
        assert page.url.path == "/desk"
        assert "Demonstration: the people and incidents here are made up" in page.text
    states = Counter(one for one in STATUS.findall(page.text) if one in OPEN)
    assert states.total() >= 6
    assert len(states) >= 3


async def test_without_saying_so_no_demonstration_is_started(tmp_path: Path) -> None:
    """Nobody works on made-up incidents by mistake."""
    make_ready(tmp_path / "demo")
    with pytest.raises(MusterError, match="belongs to a demonstration"):
        await serve(Settings(data=tmp_path / "demo"))
