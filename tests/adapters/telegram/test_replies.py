"""What comes back to whoever pressed, typed or wrote: where, in which form, and in time."""

import asyncio
from dataclasses import replace

from bot.adapters.telegram.replies import PATIENCE
from bot.core.cards import Action, Actions, Button, Card, Confirm, Section
from bot.engine.heard import Pressed
from bot.engine.ports import Post, Reply
from bot.views.help import EVERYWHERE, pressable
from tests.adapters.telegram.ears import (
    ANA,
    BO,
    FORUM,
    SAY,
    TEAM,
    Connected,
    card,
    connected,
    token,
)
from tests.telegram.state import Message, Tap


async def hung(one: Connected, place: int = TEAM, *labels: str, within: str = "") -> Message:
    """A card of ours in a place."""
    post = Post("d1", "A card", card(*(labels or ("Take it",)), text="The card"), within=within)
    await one.telegram.send(str(place), post)
    return one.fake.last(place)


async def pressed(one: Connected, reply: Reply, by: int = ANA, place: int = TEAM) -> Tap:
    message = await hung(one, place)
    one.spy.says = lambda heard: reply
    tap = await one.fake.taps(by, message, "Take it")
    await one.rest()
    return tap


async def test_a_short_sentence_in_a_group_is_a_toast_and_a_no_stays_until_it_is_closed() -> None:
    async with connected() as one:
        tap = await pressed(one, Reply(text="Done"))
        assert (tap.toast, tap.alert) == ("Done", False)
        tap = await pressed(one, Reply(text="Too late: Bo has it", refused=True))
        assert (tap.toast, tap.alert) == ("Too late: Bo has it", True)
        assert [x.text for x in one.fake.ours(TEAM)] == ["The card", "The card"]
        assert one.fake.ours(ANA) == []


async def test_a_press_that_needs_no_words_stops_turning() -> None:
    async with connected() as one:
        tap = await pressed(one, Reply())
        assert (tap.answered.is_set(), tap.toast, tap.url) == (True, "", "")


async def test_what_is_for_them_alone_goes_to_our_chat_and_the_way_there_where_it_is_shut() -> None:
    reply = Reply(text="A long answer. " * 30, cards=(card("Yes"),))
    async with connected() as one:
        tap = await pressed(one, reply)
        assert "private chat" in tap.toast
        assert len(one.fake.ours(ANA)) == 2
        tap = await pressed(one, reply, by=BO)
        assert tap.url == one.fake.link(f"p_{token()}")
        assert one.fake.ours(BO) == []


async def test_alone_with_us_words_stay_and_a_no_is_told_in_passing() -> None:
    async with connected() as one:
        tap = await pressed(one, Reply(text="Thank you"), place=ANA)
        assert tap.toast == ""
        assert one.fake.last(ANA).text == "Thank you"
        tap = await pressed(one, Reply(text="This is over", refused=True), place=ANA)
        assert (tap.toast, tap.alert) == ("This is over", True)


async def test_who_waits_is_told_in_time_that_we_are_on_it_and_gets_the_rest_later() -> None:
    async with connected() as one:
        message = await hung(one)
        one.spy.waits = asyncio.Event()
        one.spy.says = lambda heard: Reply(text="Here it is")
        tap = await one.fake.taps(ANA, message, "Take it", wait=False)
        await one.spy.until(lambda: one.spy.heard)
        await one.clock.advance(PATIENCE)
        await one.fake.answered(tap)
        assert "We are on it" in tap.toast
        one.spy.waits.set()
        await one.rest()
        assert one.fake.last(ANA).text == "Here it is"


async def test_a_press_of_yesterday_is_no_fault_and_its_answer_is_not_lost() -> None:
    async with connected() as one:
        message = await hung(one)
        one.spy.says = lambda heard: Reply(text="Not any more", refused=True)
        await one.fake.taps(ANA, message, "Take it", age=60_000)
        await one.rest()
        assert one.fake.last(ANA).text == "Not any more"
        assert one.telegram.health().sound


async def test_a_question_hangs_beneath_the_card_just_as_it_is() -> None:
    """Of whom it is asked stands in it already."""
    async with connected() as one:
        tap = await pressed(one, Reply(cards=(card("Cancel", text="How many?"),), asks="walk-1"))
        assert (tap.toast, tap.url) == ("", "")
        question = one.fake.last(TEAM)
        assert question.text == "How many?"
        assert question.reply
        ((asks, heard, message),) = one.spy.asked
        assert (asks, message) == ("walk-1", f"{TEAM}/{question.id}")
        assert isinstance(heard, Pressed)


async def test_in_a_busy_group_the_question_is_asked_alone() -> None:
    async with connected() as one:
        one.asides.busy = 6_000
        tap = await pressed(one, Reply(cards=(card(text="How many?"),), asks="walk-1"))
        assert tap.url == one.fake.link(f"p_{token()}")
        assert one.spy.asked == []
        assert len(one.fake.ours(TEAM)) == 1


async def test_a_question_in_a_topic_stays_in_it() -> None:
    async with connected() as one:
        topic = await one.fake.opens_topic(ANA, FORUM, "N-7K4-M2QX")
        message = await hung(one, FORUM, within=str(topic.id))
        one.spy.says = lambda heard: Reply(cards=(card(text="How many?"),), asks="walk-1")
        await one.fake.taps(ANA, message, "Take it")
        await one.rest()
        assert one.fake.last(FORUM, topic.id).text.endswith("How many?")
        assert one.spy.heard[-1].within == str(topic.id)


async def test_messages_change_and_go_as_the_reply_says() -> None:
    async with connected() as one:
        first, second = await hung(one), await hung(one)
        names = [f"{TEAM}/{x.id}" for x in (first, second)]
        reply = Reply(text="Noted", mends={names[0]: card(text="Answered")}, drops=(names[1],))
        one.spy.says = lambda heard: reply
        tap = await one.fake.taps(ANA, first, "Take it")
        await one.rest()
        assert tap.toast == "Noted"
        assert [x.text for x in one.fake.ours(TEAM)] == ["Answered"]


async def test_a_question_that_was_deleted_is_asked_anew_and_known_by_where_it_stands() -> None:
    async with connected() as one:
        pressed_on, gone = await hung(one), f"{TEAM}/999"
        reply = Reply(mends={gone: card("Back", text="Who is told?")}, asks="walk-2")
        one.spy.says = lambda heard: reply
        await one.fake.taps(ANA, pressed_on, "Take it")
        await one.rest()
        anew = one.fake.last(TEAM)
        assert anew.text == "Who is told?"
        ((asks, heard, message),) = one.spy.asked
        assert (asks, message) == ("walk-2", f"{TEAM}/{anew.id}")
        assert isinstance(heard, Pressed)


async def test_a_press_that_goes_on_in_a_busy_group_changes_the_question_there() -> None:
    async with connected() as one:
        question = await hung(one)
        one.asides.busy = 6_000
        named = f"{TEAM}/{question.id}"
        reply = Reply(mends={named: card("Back", text="Who is told?")}, asks="walk-2")
        one.spy.says = lambda heard: reply
        tap = await one.fake.taps(ANA, question, "Take it")
        await one.rest()
        assert tap.url == ""
        assert one.fake.last(TEAM).text == "Who is told?"
        assert one.spy.asked == []


async def test_a_line_in_a_group_is_answered_beneath_it_and_cards_of_ones_own_alone() -> None:
    async with connected() as one:
        one.spy.says = lambda heard: Reply(text="You can write to me: help")
        line = await one.fake.commands(ANA, TEAM, "/help")
        await one.rest()
        assert one.fake.last(TEAM).reply == line.id
        one.spy.says = lambda heard: Reply(cards=(card(text="Yours"),))
        await one.fake.commands(ANA, TEAM, "/list")
        await one.rest()
        assert one.fake.last(ANA).text == "Yours"
        assert "private chat" in one.fake.last(TEAM).text


async def test_who_never_wrote_to_us_is_shown_the_way_to_what_is_theirs_alone() -> None:
    async with connected() as one:
        one.spy.says = lambda heard: Reply(cards=(card(text="Yours"),))
        await one.fake.commands(BO, TEAM, "/list")
        await one.rest()
        told = one.fake.last(TEAM)
        assert told.labels == ["Открыть наш чат"]  # Bo reads Russian.
        assert "Yours" not in one.fake.transcript(TEAM)


async def test_a_link_is_a_button_beneath_the_words() -> None:
    async with connected() as one:
        link = "https://desk.example.org/me"
        one.spy.says = lambda heard: Reply(text="That is done there.", link=link, link_label="Go")
        await one.fake.commands(ANA, ANA, "/who")
        await one.rest()
        assert one.fake.last(ANA).buttons[0]["url"] == link


async def test_an_anonymous_administrator_gets_one_sentence_and_no_power() -> None:
    async with connected() as one:
        member = one.fake.chat(FORUM).members[BO]
        member.anonymous = True
        for _ in range(3):
            await one.fake.commands(BO, FORUM, "/list")
        await one.rest()
        assert one.spy.heard == []
        (told,) = one.fake.ours(FORUM)
        assert "Remain anonymous" in told.text


async def test_what_we_cannot_read_is_said_kindly_and_not_again_and_again() -> None:
    async with connected() as one:
        for _ in range(5):
            await one.fake.odd(ANA, ANA, "dice")
        await one.rest()
        told = [x.text for x in one.fake.ours(ANA)]
        assert len(told) == 2
        assert "I cannot read that kind" in told[0]
        # practice 7.1: help is one press away, whatever we cannot do.
        assert all(x.labels == ["I need help now"] for x in one.fake.ours(ANA))


async def test_practice_7_1_help_is_beneath_words_alone_and_not_in_front_of_everybody() -> None:
    """practice 7.1: a message to one of them has it; a group's is no message to one of them."""
    async with connected() as one:
        one.spy.says = lambda _: Reply(text="Done so far.", help=pressable(SAY))
        await one.fake.says(ANA, ANA, "hello")
        await one.rest()
        (alone,) = one.fake.ours(ANA)
        assert (alone.text, alone.labels) == ("Done so far.", ["I need help now"])
        await one.fake.taps(ANA, alone, "I need help now", wait=False)
        await one.rest()
        pressed = one.spy.heard[-1]
        assert isinstance(pressed, Pressed)
        assert pressed.token == EVERYWHERE
        await one.fake.commands(ANA, TEAM, "/list")
        await one.rest()
        assert [x.labels for x in one.fake.ours(TEAM)] == [[]]


async def test_a_grave_button_asks_first_and_counts_the_second_time() -> None:
    asked = Confirm("Close?", "It cannot be opened again.", "Close it")
    async with connected() as one:
        made = card("Close")
        (row,) = [x for x in made.blocks if isinstance(x, Actions)]
        button = replace(row.buttons[0], confirm=asked)
        made = Card("A card", (Actions((button,)),))
        await one.telegram.send(str(TEAM), Post("d1", "A card", made))
        tap = await one.fake.taps(ANA, TEAM, one.fake.last(TEAM).labels[0])
        assert "It cannot be opened again." in tap.toast
        assert tap.alert
        assert one.spy.heard == []
        one.clock.jump(2_000)
        await one.fake.taps(ANA, TEAM, one.fake.last(TEAM).labels[0])
        await one.rest()
        (heard,) = one.spy.heard
        assert isinstance(heard, Pressed)
        assert heard.token == token()


async def test_who_is_asked_where_they_are_gets_a_key_that_goes_with_the_question() -> None:
    async with connected() as one:
        wants = replace(card("Skip", text="Where is it?"), wants="location")
        await one.telegram.send(str(ANA), Post("d1", "Where?", wants))
        await one.passing(lambda: one.fake.keyboard(ANA))
        assert one.fake.keyboard(ANA) == ["Send where I am"]
        await one.fake.keys(ANA, "Send where I am")
        await one.rest()
        following = Post("d2", "Next", card(text="And now?"))
        sending = asyncio.create_task(one.telegram.send(str(ANA), following))
        await one.passing(sending.done)
        await one.passing(lambda: len(one.fake.ours(ANA)) == 2)
        assert [x.text for x in one.fake.ours(ANA)] == ["Where is it?", "And now?"]
        await one.telegram.send(str(TEAM), Post("d3", "Where?", wants))
        assert one.fake.keyboard(TEAM) == []


async def test_what_the_channel_adds_is_in_the_language_of_the_card() -> None:
    async with connected() as one:
        sure = Confirm("Прекратить?", "Никто не будет этим заниматься.", "Да")
        button = Button("Прекратить", Action("stop"), token=token(), confirm=sure)
        blocks = (Section("Где это?"), Actions((button,)))
        asked = Card("Где это?", blocks, wants="contact", language="ru-RU")
        await one.telegram.send(str(ANA), Post("d1", "Где это?", asked))
        await one.passing(lambda: one.fake.keyboard(ANA))
        assert one.fake.keyboard(ANA) == ["Отправить мой номер"]
        tap = await one.fake.taps(ANA, ANA, "Прекратить")
        assert tap.toast.endswith("Нажмите ту же кнопку ещё раз — тогда это будет сделано.")


async def test_when_nothing_can_be_said_the_press_is_still_answered() -> None:
    async with connected() as one:
        message = await hung(one)
        one.fake.fails("sendMessage", None, status=500, body="x")
        one.spy.says = lambda heard: Reply(cards=(card(),))
        tap = await one.fake.taps(ANA, message, "Take it")
        await one.rest()
        one.fake.recovers()
        assert tap.url == one.fake.link(f"p_{token()}")


async def test_who_sets_it_up_is_told_what_a_group_is_called() -> None:
    async with connected() as one:
        await one.fake.commands(ANA, TEAM, "/id")
        await one.rest()
        assert f"telegram:{TEAM}" in one.fake.last(TEAM).text
        assert one.spy.heard == []
