"""One conversation per category of the playbook that ships, as its people would lead it.

Told through the real door, store and delivery; every category has its file of the same name.
"""

from pathlib import Path

import pytest

from bot.core.commands import Place
from bot.engine.front import Front
from bot.engine.ports import Capabilities
from bot.engine.reader import Reader
from bot.engine.talk import Talk
from bot.store.sqlite.store import SqliteStore
from tests.engine.delivery import office
from tests.engine.kit import PLAYBOOK, SPEECH
from tests.engine.talking import Chat
from tests.golden.conversation import AGENT, CREW, TEAM, Told, read

FOLDER = Path(__file__).parent
FILES = sorted(FOLDER.glob("*.txt"))
PLACES = {
    "triage": (Place("test", TEAM),),
    "it_desk": (Place("test", TEAM),),
    "field_crew": (Place("test", CREW),),
    "safety_crew": (Place("test", CREW),),
}


def test_every_category_of_the_playbook_has_its_conversation() -> None:
    names = {path.stem.removeprefix("ru_") for path in FILES}
    assert set(PLAYBOOK.categories) <= names


async def test_every_conversation_goes_as_it_is_written_and_every_step_is_saved(
    tmp_path: Path,
) -> None:
    """All in one house, each with a customer of its own; what is wrong is told together."""
    store = SqliteStore(tmp_path / "muster.db")
    wrong = []
    async with office(tmp_path, store=store, places=PLACES) as one:
        one.channel.capabilities = Capabilities(sheets=False)
        machine = one.desk.machine
        talk = Talk(machine, Reader(machine.engine), SPEECH, None)
        front = Front(machine, Reader(machine.engine), SPEECH, None, talk)
        talk.join = front.join
        chat = Chat(one, talk, front)
        await talk.arrivals.start()
        await one.desk.join(AGENT, "agent")
        for path in FILES:
            language = "ru" if path.stem.startswith("ru_") else "en"
            told = Told(chat, path.name, path.stem, language)
            try:
                await told.tell(read(path))
            except AssertionError as what:
                wrong.append(str(what))
        await talk.arrivals.stop()
        await one.desk.sound()
    assert not wrong, "\n\n".join(wrong)


@pytest.mark.parametrize("text", ["nobody: hello\n", "just words\n"])
def test_a_line_that_nobody_speaks_is_an_error(tmp_path: Path, text: str) -> None:
    path = tmp_path / "x.txt"
    path.write_text(text)
    with pytest.raises(ValueError, match="nobody says this"):
        read(path)
