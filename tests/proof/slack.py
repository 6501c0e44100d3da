"""The whole line in Slack with every call failing in every way, and with the process killed."""

from pathlib import Path

from tests.line.faults import METHODS, WAYS, lived
from tests.proof.slack_killed import killed

SHOWN = 10


async def shown(folder: Path, full: bool) -> tuple[bool, list[str]]:
    """Whether it all holds, and lines that say what was done. `full`: each method for itself."""
    undisturbed = await lived(folder / "calm")
    each = [(one,) for one in METHODS] if full else []
    wrong: list[str] = []
    runs = 0
    for way in WAYS:
        for methods in (METHODS, *each):
            runs += 1
            place = folder / str(runs)
            if different := await _different(place, way, methods, undisturbed):
                wrong.append(f"{way}, {', '.join(methods)}: {different}")
    one = await killed(folder / "killed")
    lines = [
        (
            "customer on the web, team, resources and stakeholders in Slack: reported, taken, "
            "resources asked, claimed, done, an update, words both ways, resolved, confirmed, rated"
        ),
        (
            f"{runs} runs in which, in each of six chapters, the first call of a method fails "
            f"({', '.join(WAYS)}): all {len(METHODS)} methods at once"
            + (", and each for itself" if full else "")
            + "; what is only looked up after a lost answer is asked for by losing one"
        ),
        (
            f"with another end than undisturbed (events, cards, what stands beneath them, direct "
            f"messages, the customer's chat): {len(wrong)} of {runs}; asked too soon: never"
        ),
        (
            f"killed {one.kills} times (before commit, between commit and acknowledgement, with an "
            "event, while a card is on its way, after it arrived): presses lost, cards or messages "
            f"doubled: {len(one.wrong)}"
        ),
        *wrong[:SHOWN],
        *one.wrong[:SHOWN],
    ]
    return not (wrong or one.wrong), lines


async def _different(
    folder: Path, way: str, methods: tuple[str, ...], undisturbed: list[str]
) -> list[str]:
    try:
        found = await lived(folder, way, *methods)
    except (AssertionError, TimeoutError) as trouble:
        return [str(trouble)[:200] or type(trouble).__name__]
    return sorted({*found} ^ {*undisturbed}) or ([] if found == undisturbed else ["counts"])
