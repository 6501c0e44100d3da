"""Every card and every form as a playbook makes them, with made-up people: to be looked at."""

from bot.core.forms import Form
from bot.core.playbook import Playbook
from bot.core.playbook_forms import intake_form
from bot.views.examples import a_report, an_incident
from bot.views.forms import FORMS
from bot.views.look import Look

INTAKE = "intake"


def forms(playbook: Playbook) -> dict[str, Form]:
    """Each form behind a button, then the guided intake: of every category, and of none yet.

    The keys are those of `bot.views.forms` and `intake CATEGORY`.
    """
    state = an_incident(playbook)
    begun = {"question": a_report(playbook)}
    look = Look(playbook, lambda version: playbook, {})
    behind = {name: kind.ask(begun.get(name, state), look) for name, kind in FORMS.items()}
    asked = {f"{INTAKE} {name}": intake_form(playbook, name) for name in playbook.categories}
    return {**behind, INTAKE: intake_form(playbook, None), **asked}
