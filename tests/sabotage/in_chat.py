"""Mutants of what is heard, said and asked in chats, above all in Telegram."""

from tests.sabotage.mutant import Mutant

TELEGRAM = "tests/adapters/telegram/"
GOING_ON = "tests/engine/test_going_on.py::"
STEPS = "tests/engine/test_steps.py::"
PLACES = "tests/engine/test_steps_places.py::"
TOPICS = "tests/engine/test_deliver_topics.py::"

IN_CHAT: tuple[Mutant, ...] = (
    Mutant(
        "telegram-webhook-open",
        "an update counts only with the word that proves Telegram",
        "bot/adapters/telegram/door.py",
        "        if not hmac.compare_digest(said, self._secret):\n",
        "        if False:\n",
        f"{TELEGRAM}test_webhook.py::test_nobody_else_comes_in_and_nothing_of_theirs_is_read",
    ),
    Mutant(
        "telegram-confirmed-unkept",
        "an update is confirmed once it is kept",
        "bot/adapters/telegram/polling.py",
        "        offset = self._order[0] if self._order else self._offset\n",
        "        offset = self._order[-1] + 1 if self._order else self._offset\n",
        f"{TELEGRAM}test_polling.py::test_words_are_confirmed_only_once_they_are_kept",
    ),
    Mutant(
        "telegram-again-ignored",
        "what was not kept is tried again",
        "bot/adapters/telegram/ears.py",
        "        if reply.again:\n",
        "        if False:\n",
        f"{TELEGRAM}test_polling.py::"
        "test_what_was_not_kept_is_tried_again_and_is_not_overtaken_in_its_chat",
    ),
    Mutant(
        "telegram-album-pieces-lost",
        "every piece of an album is taken along",
        "bot/adapters/telegram/albums.py",
        "    files = tuple(file for one in pieces for file in one.files)\n",
        "    files = pieces[0].files\n",
        f"{TELEGRAM}test_polling.py::test_ten_pictures_of_an_album_are_one_message_with_ten_files",
    ),
    Mutant(
        "telegram-nobody-is-heard",
        "who is anonymous has no name, no role and no words",
        "bot/adapters/telegram/receive.py",
        '    if part(message, "sender_chat") or number(message, "from", "id") in NAMELESS:\n',
        "    if False:\n",
        f"{TELEGRAM}test_receive.py::"
        "test_who_is_anonymous_is_nobody_and_only_told_so_when_they_asked_us",
    ),
    Mutant(
        "telegram-edits-uncounted",
        "the limits of a group count edits",
        "bot/adapters/telegram/limits.py",
        "most, MINUTE))\n",
        'most, MINUTE, ("send",)))\n',
        f"{TELEGRAM}test_adapter.py::test_the_pace_is_that_of_the_chat_edits_counted",
    ),
    Mutant(
        "telegram-words-come-alive",
        "nobody's words become links, names or commands",
        "bot/adapters/telegram/text.py",
        "    return _LIVELY.sub(JOINER, seen(words))\n",
        "    return seen(words)\n",
        f"{TELEGRAM}test_text.py::test_nothing_in_them_comes_alive_anywhere",
    ),
    Mutant(
        "telegram-markup",
        "no words are ever read as markup",
        "bot/adapters/telegram/adapter.py",
        "                text=page.text,\n"
        "                entities=page.entities,\n"
        "                link_preview_options=NO_PREVIEW,\n"
        "                message_thread_id",
        "                text=page.text,\n"
        '                parse_mode="HTML",\n'
        "                link_preview_options=NO_PREVIEW,\n"
        "                message_thread_id",
        f"{TELEGRAM}test_adapter.py::test_a_card_is_sent_without_previews_and_changed_in_place",
    ),
    Mutant(
        "telegram-token-told",
        "no fault tells anybody the token",
        "bot/adapters/telegram/faults.py",
        ' if "/" not in one)\n',
        ")\n",
        f"{TELEGRAM}test_hostile.py::"
        "test_a_refusal_that_repeats_our_address_tells_nobody_a_part_of_the_token",
    ),
    Mutant(
        "question-asked-anew-unknown",
        "a question that had to be posted anew is known by where it stands",
        "bot/adapters/telegram/replies.py",
        "                if anew and reply.asks and not reply.cards:\n",
        "                if False:\n",
        f"{TELEGRAM}test_replies.py::"
        "test_a_question_that_was_deleted_is_asked_anew_and_known_by_where_it_stands",
    ),
    Mutant(
        "anybody-answers",
        "only whoever is asked presses the buttons of a question",
        "bot/engine/steps.py",
        "            if walk.who != who:\n",
        "            if False:\n",
        f"{PLACES}test_two_people_are_asked_side_by_side_and_each_answers_their_own",
    ),
    Mutant(
        "answer-taken-twice",
        "an event that comes again answers nothing more",
        "bot/engine/steps.py",
        "            if wrote.source in walk.way.sources:\n",
        "            if False:\n",
        f"{STEPS}test_a_repeat_of_what_was_taken_takes_nothing_more",
    ),
    Mutant(
        "press-taken-twice",
        "a press that comes again does nothing more",
        "bot/engine/steps.py",
        "        if pressed.source in walk.way.sources:\n",
        "        if False:\n",
        f"{STEPS}test_a_press_that_comes_again_late_does_not_undo_what_came_after",
    ),
    Mutant(
        "link-serves-twice",
        "a link by which a report goes on elsewhere works once",
        "bot/core/person.py",
        '    return {"link": None, "guest": guest, "joins": event.number}\n',
        '    return {"guest": guest, "joins": event.number}\n',
        f"{GOING_ON}test_a_link_works_once_and_not_for_long",
    ),
    Mutant(
        "staff-go-on",
        "whoever works here never goes on with a customer's report",
        "bot/core/going_on.py",
        " or ctx.actor.roles or (isinstance(guest, Person) and works_here(guest)):\n",
        ":\n",
        f"{GOING_ON}test_whoever_works_here_never_goes_on_with_a_report",
    ),
    Mutant(
        "gone-on-unasked",
        "whoever opens somebody's link is told first what it does",
        "bot/core/going_on.py",
        "    if not command.sure:\n        return ARE_YOU_SURE\n",
        "",
        "tests/engine/test_going_on_again.py::"
        "test_who_went_on_before_goes_on_from_a_new_browser_too",
    ),
    Mutant(
        "topic-not-kept",
        "a topic is a row before anything is sent there",
        "bot/engine/deliver_topics.py",
        "        await self._kept([self._row(ask, ask.stream, within, state, before + 1)])\n",
        "",
        f"{TOPICS}test_after_a_restart_the_topic_is_known",
    ),
    Mutant(
        "topic-tells-what-few-may-see",
        "the title of a topic says no more than the reference of what few may see",
        "bot/engine/deliver_topics.py",
        '        if state.visibility != "normal":\n',
        "        if False:\n",
        f"{TOPICS}test_of_what_few_may_see_a_title_says_no_more_than_its_reference",
    ),
    Mutant(
        "moved-place-forgotten",
        "a place that moved is known after a restart",
        "bot/engine/moves.py",
        '        for row in await store.select("moves", limit=EVERY_ROW):\n',
        "        for row in ():\n",
        "tests/engine/test_moved.py::"
        "test_after_a_restart_either_name_in_the_settings_is_the_same_place",
    ),
    Mutant(
        "long-card-taken-away",
        "a press on a card of several messages takes none of them away",
        "bot/engine/deliver_desk.py",
        '        if not rows or names(text(rows[0], "message"), message):\n',
        '        if not rows or rows[0]["message"] == message:\n',
        "tests/engine/test_front.py::test_a_press_on_any_part_of_a_long_card_takes_nothing_away",
    ),
)
