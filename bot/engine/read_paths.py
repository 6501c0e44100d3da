"""The path of a kind or category, as its page shows it."""

from collections.abc import Mapping
from dataclasses import dataclass

from bot.core.ids import Millis, PersonId
from bot.core.incident import Incident
from bot.core.path_steps import Next, ahead
from bot.core.playbook_paths import PathStep
from bot.core.texts import Phrase
from bot.engine.read import Reads, Said


@dataclass(frozen=True, slots=True)
class StepView:
    """One step: when it was done, and by whom ("" while it is not); who follows up by when."""

    name: Phrase
    done_at: Millis | None
    by: str
    owner: str = ""
    until: Millis | None = None


@dataclass(frozen=True, slots=True)
class PathView:
    """All steps, the next one, and who fulfils or answers it by when.

    `step` is the next one where the playbook describes it, `report` whose customer is spoken to.
    """

    steps: tuple[StepView, ...]
    following: Next | None
    step: PathStep | None
    by_whom: Said
    fulfil_by: Millis | None
    handed_to: Phrase | Said
    answer_by: Millis | None
    report: str

    @property
    def known(self) -> bool:
        """Whether there is anything to show of it."""
        return bool(self.steps or self.fulfil_by or self.answer_by)


def people(state: Incident) -> list[PersonId]:
    """Who did its steps, and to whom it was handed."""
    party = state.path.handed_to
    handed = [party.key] if party is not None and party.of == "person" else []
    owners = (one.owner for one in state.path.done if one.owner)
    return [*(one.by for one in state.path.done), *owners, *handed]


def path_view(reads: Reads, state: Incident, names: Mapping[PersonId, str]) -> PathView:
    """How far it is; `names` holds those of `people`."""
    plan, path = reads.edition(state.playbook), state.path
    own = plan.path(state.incident_kind, state.category)
    following = ahead(state, plan, reads.playbook)
    return PathView(
        steps=tuple(_step(one, state, names) for one in own.steps),
        following=following,
        step=None if following is None else own.step(following.step),
        by_whom=reads.said(path.by_whom),
        fulfil_by=path.fulfil_by if state.incident_kind == "service_request" else None,
        handed_to=_handed_to(reads, state, names),
        answer_by=path.answer_by if state.incident_kind == "enquiry" else None,
        report=state.first_report or "",
    )


def _step(step: PathStep, state: Incident, names: Mapping[PersonId, str]) -> StepView:
    done = state.path.done_step(step.key)
    if done is None:
        return StepView(step.name, None, "")
    return StepView(
        step.name, done.at, names.get(done.by, ""), names.get(done.owner or "", ""), done.until
    )


def _handed_to(reads: Reads, state: Incident, names: Mapping[PersonId, str]) -> Phrase | Said:
    party = state.path.handed_to
    if party is None:
        return reads.said(state.path.handed_out)
    if party.of == "person":
        return names.get(party.key, "")
    team = reads.playbook.teams.get(party.key)
    return party.key if team is None else team.name
