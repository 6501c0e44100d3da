"""How the organisation words what it tells many: what is asked before an update goes out."""

from pydantic import Field

from bot.core.playbook_parts import Part
from bot.core.playbook_words import Terms


class Publishing(Part):
    """What is asked before an update goes out."""

    avoid: Terms = Field(
        default_factory=dict,
        description="Words that sound like blame or a guess; whoever writes one is asked again.",
    )
