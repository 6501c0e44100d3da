"""The mutants: which safeguard each breaks, how, and the test that must notice."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Mutant:
    """`before` stands exactly once in `file` and is replaced by `after`."""

    name: str
    breaks: str
    file: str
    before: str
    after: str
    test: str


HANDLE = "tests/engine/test_handle.py::"
WORKERS = "tests/engine/test_workers.py::"
CONTRACT = "tests/contract/test_commit.py::"

MUTANTS: tuple[Mutant, ...] = (
    Mutant(
        "answer-before-commit",
        "an answer is given only for what is on disk",
        "bot/engine/handle.py",
        "            with_units = [one for one in planned if one.unit is not None]\n",
        "            for one in planned:\n"
        "                if not one.job.future.done():\n"
        "                    one.job.future.set_result(one.answer)\n"
        "            with_units = [one for one in planned if one.unit is not None]\n",
        f"{WORKERS}test_nobody_is_told_done_for_what_is_not_on_disk",
    ),
    Mutant(
        "no-gate",
        "access is asked for every command",
        "bot/engine/work.py",
        "    refused = gate(rule, ctx.actor, done.state)\n",
        "    refused = None\n",
        f"{HANDLE}test_a_stranger_may_do_nothing_that_staff_may",
    ),
    Mutant(
        "no-gate-for-reporters",
        "a report belongs to its own person",
        "bot/core/access.py",
        "return state is None or (isinstance(state, Report) and state.person == actor.person)",
        "return True",
        "tests/core/test_access.py",
    ),
    Mutant(
        "restricted-for-all",
        "a restricted incident is not there for others",
        "bot/core/access.py",
        'if actor.is_system or not isinstance(state, Incident) or state.visibility == "normal":',
        "if True:",
        "tests/pages/test_desk.py::test_a_restricted_incident_is_not_there_for_other_agents",
    ),
    Mutant(
        "repeats-not-known",
        "a press that was answered is not worked out again",
        "bot/engine/prepare.py",
        "        row = loaded.answered.get(job.dedupe) if job.identity else None\n",
        "        row = None\n",
        f"{HANDLE}test_a_repeat_gets_the_same_answer_and_no_second_effect",
    ),
    Mutant(
        "repeat-with-other-words",
        "the same id with other content is refused",
        "bot/engine/prepare.py",
        "        if row.payload != self._digest(job):\n",
        "        if False:\n",
        f"{HANDLE}test_the_same_id_with_other_content_is_refused",
    ),
    Mutant(
        "newest-first",
        "messages of one person keep their order",
        "bot/engine/queue.py",
        "            job = line.popleft()\n",
        "            job = line.pop()\n",
        f"{HANDLE}test_messages_of_one_person_keep_their_order",
    ),
    Mutant(
        "timer-stays",
        "a timer's row goes with what it brought",
        "bot/engine/timers.py",
        '                ops=(Drop("timers", key),),\n',
        "                ops=(),\n",
        f"{WORKERS}test_a_timer_that_came_for_nothing_goes_all_the_same",
    ),
    Mutant(
        "do-stays",
        "a Do's row goes with what it brought",
        "bot/engine/dos.py",
        '                ops=(Drop("outbox", {"id": row["id"]}),),\n',
        "                ops=(),\n",
        f"{WORKERS}test_a_command_from_stream_to_stream_is_carried_once",
    ),
    Mutant(
        "no-version-check",
        "a unit stands on the version that it was decided on",
        "bot/store/batch.py",
        "        self._next.touches = len(self._next.rows)\n",
        "",
        f"{CONTRACT}test_a_unit_on_the_wrong_head_is_refused",
    ),
    Mutant(
        "half-a-batch",
        "a refused unit leaves nothing behind",
        "bot/store/sqlite/transactions.py",
        '                raw.execute("ROLLBACK TO unit")\n',
        "",
        f"{CONTRACT}test_a_refused_unit_leaves_nothing_behind",
    ),
    Mutant(
        "answers-not-unique",
        "a dedupe key is kept once",
        "bot/store/migrations/sqlite/0001_first.sql",
        "  key INTEGER NOT NULL UNIQUE,\n",
        "  key INTEGER NOT NULL,\n",
        f"{CONTRACT}test_an_answered_key_is_refused_and_its_answer_is_known",
    ),
    Mutant(
        "chain-without-past",
        "each hash covers the one before",
        "bot/store/chain.py",
        "join((head, prev, actor, stream, tag, cause, body))",
        "join((head, actor, stream, tag, cause, body))",
        "tests/store/test_chain.py::test_position_and_the_hash_before_change_the_hash",
    ),
    Mutant(
        "chain-without-words",
        "each hash covers what the event says",
        "bot/store/chain.py",
        "join((head, prev, actor, stream, tag, cause, body))",
        "join((head, prev, actor, stream, tag, cause))",
        "tests/store/test_chain.py::test_every_column_changes_the_hash",
    ),
    Mutant(
        "seals-not-checked",
        "verify opens every sealed value and compares",
        "bot/store/codec.py",
        "        same = hmac.compare_digest(_commitment(*opened), seal)\n",
        "        same = True\n",
        "tests/store/test_codec.py::test_nothing_can_be_taken_added_or_exchanged",
    ),
    Mutant(
        "erased-state-kept",
        "a snapshot is rewritten when a subject is erased",
        "bot/core/fold.py",
        "            fresh = forget(state, rec.event.subject)\n",
        "            fresh = state\n",
        "tests/core/test_fold.py::"
        "test_an_erased_subject_leaves_the_state_and_is_remembered_as_erased",
    ),
    Mutant(
        "not-synced",
        "every commit is synced",
        "bot/store/sqlite/setup.py",
        '    ("synchronous", "FULL", 2),\n',
        '    ("synchronous", "NORMAL", 1),\n',
        "tests/store/test_sqlite_open.py::test_a_fresh_file_is_private_and_set_as_it_must_be",
    ),
    Mutant(
        "no-escaping",
        "people's words are text on every page",
        "bot/pages/words.py",
        "autoescape=True",
        "autoescape=False",
        "tests/pages/test_escaping.py",
    ),
)
