"""What a customer does once the visitor, or anybody else, has their incident in hand."""

from bot.core import report_words as rw
from bot.core.report import Report
from bot.demo.scene import Scene
from bot.demo.stage import Left

LOOKS = 0.4
LOOKED_MOST = 300
THANKS = {
    "en": ("Thank you for telling me.", "All right, I will wait for you here.", "Understood."),
    "ru": ("Спасибо, что сообщили.", "Хорошо, жду здесь.", "Понятно."),
}
WELL = {"en": "Yes, it works again. Thank you!", "ru": "Да, снова работает. Спасибо!"}


async def aftermath(scene: Scene) -> None:
    """Read what is written, answer it, say that it is fixed when asked, rate it."""
    answers = list(THANKS[scene.story.language])
    try:
        for _ in range(LOOKED_MOST):
            await scene.shift.pause(LOOKS)
            if await _looked(scene, answers):
                return
    except Left:
        return


async def _looked(scene: Scene, answers: list[str]) -> bool:
    """One look at the chat, and what comes of it; whether it was the last."""
    state = await scene.stage.report(scene.report)
    if state.stage == "withdrawn" or state.closed_as == "cancelled":
        return True
    if state.stage == "confirming":
        await scene.says(rw.AnswerFixed(fixed=True, words=WELL[scene.story.language]))
    elif state.stage in ("done", "closed"):
        if state.rating is None:
            await scene.says(rw.RateService(score=5))
        return True
    elif _is_new(state):
        await scene.seen(scene.who)
        if state.conversation.last_from == "desk" and answers:
            await scene.says(rw.WriteMessage(words=answers.pop(0)))
    return False


def _is_new(state: Report) -> bool:
    return state.conversation.count > state.conversation.seen_by_customer
