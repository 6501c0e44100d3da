"""A draft of an update in the team's place: its words, whom it would reach, and what to do."""

from collections.abc import Iterator, Mapping

from bot.core.approval_words import ApproveUpdate, WithdrawDraft
from bot.core.cards import (
    Action,
    Actions,
    Arg,
    Badge,
    Button,
    Card,
    Confirm,
    Context,
    Field,
    Fields,
    Footer,
    Header,
    Section,
    Style,
)
from bot.core.drafting import Draft, How, Settled
from bot.core.incident import Incident
from bot.core.playbook_assess import team_place
from bot.core.publishing import passed_by
from bot.core.texts import Phrase, Ref, Text, When, Who, t, tn
from bot.views.incident import curtain
from bot.views.look import OPEN_FORM, Look, built, category

WHOM: dict[str, Text] = {
    "reporters": t("Its customers"),
    "public": t("Everyone"),
    "staff": t("Staff only"),
}
ROLES: dict[str, Text] = {
    "agent": t("Waits for another agent"),
    "supervisor": t("Waits for a supervisor"),
    "administrator": t("Waits for an administrator"),
}
_BECAME: dict[How, Text] = {
    "approved": t("{who} approved it at {time}, and it went out."),
    "unapproved": t("{who} sent it at {time} without approval. The reason is in the timeline."),
    "withdrawn": t("{who} took it back at {time}. It did not go out."),
}


def places(state: Incident, number: int, look: Look) -> tuple[str, ...]:
    """Where the team of its category is; one of a restricted incident stands on the desk alone."""
    if state.visibility == "restricted":
        return ()
    return (team_place(look.playbook, state.category),)


def hangs(state: Incident, number: int) -> bool:
    """While it waits."""
    return state.visibility == "normal" and state.drafting.draft(number) is not None


def card(state: Incident, number: int, look: Look) -> Card[Phrase] | None:
    """Draft `number` as it stands, or what became of it; None when that is not at hand any more."""
    if state.visibility == "restricted":
        return curtain(state, look)
    draft = state.drafting.draft(number)
    if draft is None:
        done = next((one for one in state.drafting.settled if one.number == number), None)
        return None if done is None else _settled(state, done, look)
    what = category(state.category, look)
    title = t("{what}: draft of an update", what=what)
    if draft.all_clear:
        title = t("{what}: draft of the all-clear", what=what)
    return built(
        title,
        Header(title),
        _standing(state, draft),
        Section(_STANDS_DOWN) if draft.all_clear else None,
        Section(t("{words}", words=draft.words)),
        Section(_other(draft)) if draft.also else None,
        Fields(tuple(_fields(draft))),
        Context(t("Sent back: {reason}", reason=draft.sent_back)) if draft.sent_back else None,
        Actions(*_buttons(state, draft)),
        Footer(t("{ref}, {time}", ref=Ref(ref=state.reference), time=When(at=draft.since))),
    )


def _settled(state: Incident, done: Settled, look: Look) -> Card[Phrase]:
    title = t("{what}: draft of an update", what=category(state.category, look))
    became = _BECAME[done.how].model_copy(
        update={"args": {"who": Who(person=done.by), "time": When(at=done.at)}}
    )
    footer = t("{ref}, {time}", ref=Ref(ref=state.reference), time=When(at=done.at))
    return built(title, Header(title), Section(became), Footer(footer))


def _standing(state: Incident, draft: Draft) -> Badge[Phrase]:
    late = passed_by(state, draft)
    if late is not None:
        return Badge(late, "warning")
    if draft.sent_back is not None:
        return Badge(t("Sent back to its author"), "notice")
    return Badge(ROLES.get(draft.approver, t("Waits for approval")), "warning")


def _other(draft: Draft) -> Text:
    """The first of its other languages; the desk has all."""
    first = draft.also[0]
    return t("{language}: {words}", language=first.language, words=first.words)


def _fields(draft: Draft) -> list[Field[Phrase]]:
    people = t("not counted") if draft.reach is None else _people(draft.reach)
    fields: list[Field[Phrase]] = [
        Field(t("Who is told"), WHOM[draft.audience]),
        Field(t("How many"), people),
        Field(t("Languages"), t("{list}", list=", ".join(draft.languages))),
        Field(t("Written by"), t("{who}", who=Who(person=draft.author))),
    ]
    if draft.next_by is not None:
        fields.append(Field(t("Next update by"), t("{time}", time=When(at=draft.next_by))))
    if draft.corrects:
        fields.append(Field(t("Corrects update"), t("{n}", n=draft.corrects)))
    return fields


def _people(count: int) -> Text:
    return tn("{n} person", "{n} people", n=count)


def _buttons(
    state: Incident, draft: Draft
) -> tuple[tuple[Button[Phrase], ...], tuple[Button[Phrase], ...]]:
    """What can be done, the likeliest first; who may not is told so."""
    args = _args(state, draft)
    change = () if draft.all_clear else (_opens(t("Change it"), "revise_draft", args),)
    gone: dict[str, Arg] = {"incident": state.stream, "draft": draft.number}
    drop: Button[Phrase] = Button(t("Take it back"), Action(WithdrawDraft.tag, gone))
    if draft.sent_back is not None or passed_by(state, draft) is not None:
        return (*change, drop), ()
    later = [] if draft.next_by is None else [_opens(_LATER, "approve_later", args)]
    glass = _opens(t("Send without approval"), "break_glass", args, "danger")
    first = (_approve(t("Approve"), args), _opens(_BACK, "send_back_draft", args))
    return (*first, *change, *later), (drop, *([glass] if draft.break_glass else []))


def _args(state: Incident, draft: Draft) -> dict[str, Arg]:
    """The draft as whoever presses has read it."""
    return {"incident": state.stream, "draft": draft.number, "version": draft.version}


def _opens(
    label: Text, form: str, args: Mapping[str, Arg], style: Style = "normal"
) -> Button[Phrase]:
    return Button(label, Action(OPEN_FORM, {"form": form, **args}), style)


def _approve(label: Text, args: Mapping[str, Arg]) -> Button[Phrase]:
    sure: Confirm[Phrase] = Confirm(
        t("Send these words?"), t("They go out as they stand in the draft."), t("Approve")
    )
    return Button(label, Action(ApproveUpdate.tag, args), "primary", sure)


def offers(state: Incident, look: Look) -> Iterator[Button[Phrase]]:
    """What an approver can press wherever they are: about the draft that waits longest."""
    waits = (one for one in state.drafting.open if one.sent_back is None)
    draft = next((one for one in waits if passed_by(state, one) is None), None)
    if draft is not None and not state.ended:
        args = _args(state, draft)
        yield _approve(t("Approve the update"), args)
        yield _opens(t("Send the update back"), "send_back_draft", args)


def ready_answer(state: Incident, look: Look) -> Iterator[Button[Phrase]]:
    """A ready answer for the first customer, where the playbook has any."""
    if state.first_report is not None and look.playbook.canned and state.status != "merged":
        label = t("A ready answer")
        yield _opens(label, "ready_answer", {"report": state.first_report})


_STANDS_DOWN = t("All-clear: the major incident is stood down with it.")
_BACK = t("Send it back")
_LATER = t("Approve with another time")
