"""A house comes to rest only when nothing of it is under way anywhere."""

import asyncio
import threading

from bot.engine.pictures import Pictures
from tests.line.lives import watched
from tests.pictures import picture


async def test_what_is_on_another_thread_is_waited_for() -> None:
    gate = threading.Event()
    with watched() as threads:
        working = asyncio.create_task(asyncio.to_thread(gate.wait))
        threading.Timer(0.1, gate.set).start()
        await threads.quiet()
        assert working.done()


async def test_a_picture_in_a_process_of_its_own_is_waited_for() -> None:
    with watched() as threads:
        making = asyncio.create_task(Pictures()(picture()))
        await threads.quiet()
        assert making.done()
        assert making.result()


async def test_what_follows_from_what_arrives_is_waited_for() -> None:
    """Ten times from one socket to the other and back."""
    heard = []
    with watched() as threads:

        async def answer(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
            while said := await reader.read(1):
                heard.append(said)
                if len(heard) < 10:
                    writer.write(said)
            writer.close()

        server = await asyncio.start_server(answer, "127.0.0.1", 0)
        reader, writer = await asyncio.open_connection(*server.sockets[0].getsockname())
        writer.write(b"x")
        echo = asyncio.create_task(answer(reader, writer))
        await threads.quiet()
        assert len(heard) == 10
        writer.close()
        await echo
        server.close()
        await server.wait_closed()
