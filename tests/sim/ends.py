"""What must hold when a world has calmed down."""

from bot.core.ids import Millis
from bot.core.personal import personals
from bot.store.base import number, text
from tests.proof.agree import all_agrees
from tests.sim.process import Process
from tests.sim.world import World

LATE: Millis = 60_000


async def faults_of(world: World, process: Process) -> list[str]:
    """Everything that does not hold, the weightiest first."""
    waiting = await _queues(world, process)
    # Nobody changes anything while it is compared.
    await process.machine.stop()
    return [
        *await _log(world, process),
        *waiting,
        *_paces(world),
        *_doubled(world),
    ]


async def _log(world: World, process: Process) -> list[str]:
    try:
        await all_agrees(process.desk())
    except AssertionError as broken:
        return [f"I5 {broken}"]
    codec, after = process.machine.parts.codec, 0
    events: list[tuple[str, str, str]] = []
    while page := await process.store.log(after, 500):
        after = page[-1].position
        for one in page:
            row = one.row
            event = codec.decode_event(row.tag, row.revision, row.body, row.sealed)
            said = " ".join(str(one.open(codec.open)) for one in personals(event))
            events.append((row.stream, row.tag, f"{row.body} {said}"))
    return world.marks.faults(events)


async def _queues(world: World, process: Process) -> list[str]:
    now, found = world.clock.now(), []
    rows = await process.store.select("timers", order="due", limit=1)
    if rows and number(rows[0], "due") < now - LATE:
        found.append(
            f"I8 a timer is {now - number(rows[0], 'due')} ms late: {text(rows[0], 'name')}"
        )
    for row in await process.store.select("outbox", {"state": "waiting"}, order="id", limit=500):
        due = row["due"] if isinstance(row["due"], int) else 0
        if due <= now - LATE:
            what = f"{text(row, 'kind')} {text(row, 'lane')} to {text(row, 'channel')}"
            found.append(f"I13 still waiting: {what}, {text(row, 'cause')}")
    shows = await process.store.select("shows", {"state": "waiting"}, order="at", limit=500)
    late = [row for row in shows if number(row, "at") <= now - LATE]
    said = [f"I13 {text(row, 'card')} of {text(row, 'stream')} still waits" for row in late]
    return found + said


def _paces(world: World) -> list[str]:
    return [f"I9 {name} {one}" for name, it in world.platforms.items() for one in it.exceeded()]


def _doubled(world: World) -> list[str]:
    """What is there twice says so where the platform cannot tell, and never is where it can."""
    found = []
    for name, it in world.platforms.items():
        first: dict[tuple[str, str], None] = {}
        for address, post in it.sent.values():
            if (address, post.delivery) in first and (it.capabilities.finds or not post.repeat):
                found.append(f"I2 {name} {address} twice: {post.text[:200]}")
            first[address, post.delivery] = None
    return found
