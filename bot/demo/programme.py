"""When which story is played: those of the shift so far, and those that go on coming."""

from bot.demo import stories_it as it
from bot.demo import stories_safe as safe
from bot.demo.beats import Story
from bot.demo.outage import FIRST

SO_FAR: tuple[tuple[float, Story], ...] = (
    (-190, it.PHONES),
    (-178, safe.FUSE),
    (-165, safe.STAIRS),
    (-150, it.MAIL),
    (FIRST + 22, safe.LADDER),
    (-92, it.LAPTOP),
    (-80, it.PASSWORD),
    (-70, it.CALLS),
    (-52, safe.SHOUTING),
    (-44, it.PAYROLL),
    (-33, it.SCHOOL),
    (-16, safe.LIFT),
    (-11, it.QUIET),
    (-8, safe.GLASS),
    (-5, it.WIFI),
    (-3.5, safe.MARKET),
    (-1.5, it.PHISHING),
)
"""Minutes of the shift; the visitor comes in at 0."""

BEGINS = min(minute for minute, _ in SO_FAR) - 1
STORIES = tuple(story for _, story in SO_FAR)
FIRST_NEXT = 3.0
"""When the first story after that begins."""
EVERY = (2.0, 4.5)
"""So many minutes lie between two of them."""
OPEN_MOST = 10
"""With so many incidents open nothing new begins: the crew catches up first."""
