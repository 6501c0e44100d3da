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
ERASE = "tests/engine/test_erase.py::"
VERIFY = "tests/engine/test_verify.py::"
TROUBLE = "tests/engine/test_trouble.py::"

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
        "    refused = gate(rule, ctx.actor, done.state, ctx.reads) or unproved(rule, ctx)\n",
        "    refused = None\n",
        f"{HANDLE}test_a_stranger_may_do_nothing_that_staff_may",
    ),
    Mutant(
        "acts-on-what-is-over",
        "whoever changes a person is held until it is committed",
        "bot/engine/resolve.py",
        '    return command.kind == "person"\n',
        "    return False\n",
        "tests/engine/test_two_people.py",
    ),
    Mutant(
        "joined-unasked",
        "whoever is sent somebody's code is told first whose their account would become",
        "bot/workflows/joining.py",
        "    return [_asked(state, command, ctx)] if command.sure else are_you_sure(state)\n",
        "    return [_asked(state, command, ctx)]\n",
        "tests/engine/test_joining.py",
    ),
    Mutant(
        "no-gate-for-reporters",
        "a report belongs to its own person",
        "bot/core/access.py",
        "return state is None or (isinstance(state, Report) and actor.stands_for(state.person))",
        "return True",
        "tests/core/test_access.py",
    ),
    Mutant(
        "no-gate-behind-reports",
        "a report is there for who may see its incident",
        "bot/core/access.py",
        "        return state.incident in behind and may_see(actor, found)\n",
        "        return True\n",
        "tests/engine/test_matrix_chat.py",
    ),
    Mutant(
        "files-by-address",
        "a file is given to nobody else who knows its id",
        "bot/engine/read_files.py",
        "return None if state is None or state.person not in mine else",
        "return None if state is None else",
        "tests/pages/test_files.py::test_nobody_else_reads_a_file_whatever_they_know_of_it",
    ),
    Mutant(
        "whole-photos",
        "of a picture only its pixels are kept",
        "bot/engine/files.py",
        "return await self._remake(content) or NO_PICTURE",
        'return Made(content, "image/jpeg") if await self._remake(content) else NO_PICTURE',
        "tests/pages/test_files.py",
    ),
    Mutant(
        "unread-files",
        "verify reads the bytes that the log names",
        "bot/engine/file_check.py",
        'return None if whole.hexdigest() == digest else "the bytes of a file were changed"',
        "return None",
        "tests/pages/test_files.py::test_a_missing_or_changed_file_is_named_by_verify",
    ),
    Mutant(
        "restricted-for-all",
        "a restricted incident is not there for others",
        "bot/core/access.py",
        '    if not isinstance(state, Incident) or state.visibility == "normal":',
        "    if True:",
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
    Mutant(
        "doubt-is-done",
        "a commit in doubt is looked up before anybody is told",
        "bot/engine/handle.py",
        "                self._queue.put(one.job, one.job.key, front=True)\n",
        "                self._end(one.job, one.answer)\n",
        f"{TROUBLE}test_a_message_whose_commit_is_in_doubt_is_there_once_and_answered",
    ),
    Mutant(
        "failed-is-committed",
        "COMMIT is sent only after every statement has gone well",
        "bot/store/connection.py",
        '        end(raw, "ROLLBACK")\n',
        '        end(raw, "COMMIT")\n',
        f"{CONTRACT}test_a_refused_unit_leaves_nothing_behind",
    ),
    Mutant(
        "stale-timers-fire",
        "a timer that was replaced or dropped meanwhile does not fire",
        "bot/engine/fetch.py",
        "        return frozenset(job for job, op in drops.items() if _name(op) not in there)\n",
        "        return frozenset()\n",
        "tests/engine/test_timers.py::"
        "test_one_that_was_replaced_or_dropped_meanwhile_does_not_fire",
    ),
    Mutant(
        "roles-read-once",
        "a role that was taken away is gone at the next press",
        "bot/engine/ask.py",
        "        roles = () if person is None or person.disabled else person.roles\n",
        "        roles = () if person is None or person.disabled else person.roles\n"
        "        known = self.__dict__.setdefault('_known', {})\n"
        "        roles = known.setdefault(somebody.person, roles)\n",
        f"{HANDLE}test_a_lost_role_counts_at_the_next_press",
    ),
    Mutant(
        "other-origins-welcome",
        "only our own pages may press anything",
        "bot/pages/guard.py",
        'if request.headers.get("origin") != self.origin(request):',
        "if False:",
        "tests/pages/test_guard.py::"
        "test_whatever_comes_from_another_page_is_refused_with_a_sentence",
    ),
    Mutant(
        "chain-without-place",
        "each hash covers the place in the whole log",
        "bot/store/chain.py",
        "        position,\n",
        "        0,\n",
        "tests/store/test_chain.py::test_position_and_the_hash_before_change_the_hash",
    ),
    Mutant(
        "seals-without-salt",
        "nobody can guess a value from what stays when it is erased",
        "bot/store/codec.py",
        "    return blake2b(plain, key=salt, digest_size=32).hexdigest()\n",
        "    return blake2b(plain, key=bytes(SALT), digest_size=32).hexdigest()\n",
        "tests/store/test_codec.py::test_the_same_words_look_different_each_time",
    ),
    Mutant(
        "fold-looks-away",
        "verify folds every stream again and compares",
        "bot/engine/verify.py",
        "state is not None and self._codec.encode_state(state) == snapshot.state\n",
        "state is not None\n",
        f"{VERIFY}test_a_snapshot_that_does_not_fit_the_log_is_named",
    ),
    Mutant(
        "checkpoints-not-compared",
        "a chain that was computed anew differs from a checkpoint",
        "bot/engine/verify.py",
        "            if self._heads.get(stream) != (version, head):\n",
        "            if False:\n",
        f"{VERIFY}test_a_chain_that_was_computed_anew_is_known_by_a_checkpoint",
    ),
    Mutant(
        "witness-not-asked",
        "checkpoints that were removed are known by the witness",
        "bot/engine/verify.py",
        "        if len(lines) > last:\n",
        "        if False:\n",
        f"{VERIFY}test_a_checkpoint_that_was_changed_or_removed_is_named",
    ),
    Mutant(
        "erased-key-kept",
        "the key of an erased subject is destroyed",
        "bot/engine/erase.py",
        "        await self._engine.codec.keys.destroy(subjects)\n",
        "",
        f"{ERASE}test_of_erased_canaries_no_byte_is_left_and_of_others_all_is",
    ),
    Mutant(
        "erased-words-found",
        "searchable words go with their subject",
        "bot/store/sqlite/upkeep.py",
        "            if table.subject:\n",
        '            if table.subject and table.name != "search":\n',
        f"{ERASE}test_of_erased_canaries_no_byte_is_left_and_of_others_all_is",
    ),
    Mutant(
        "erased-still-known",
        "whoever was erased and comes again is somebody new",
        "bot/engine/erase.py",
        "            self._engine.directory.forget()\n",
        "",
        f"{ERASE}test_whoever_writes_after_being_erased_is_somebody_new",
    ),
    Mutant(
        "failed-do-not-erased",
        "a Do knows whom it is about",
        "bot/engine/rows.py",
        '        row["subject"] = _subject_in(command)\n',
        "",
        f"{ERASE}test_a_do_that_failed_keeps_nothing_of_an_erased_person",
    ),
    Mutant(
        "erased-taken-again",
        "a stream takes nothing more about whom it has let go of",
        "bot/engine/work.py",
        "        event = _without_erased(decided, done.state)\n",
        "        event = decided\n",
        f"{ERASE}test_a_stream_takes_nothing_more_about_whom_it_let_go_of",
    ),
    Mutant(
        "proof-not-asked",
        "what is grave wants a fresh proof of who asks, on every entry",
        "bot/core/access.py",
        "    if not rule.proof or ctx.actor.is_system or is_proved(ctx.actor.proved_at, ctx.at):\n",
        "    if True:\n",
        "tests/pages/test_proving.py::test_an_entry_that_knows_of_no_proof_does_nothing_grave",
    ),
    Mutant(
        "any-link-confirms",
        "only the link that was sent to an address confirms what was asked for there",
        "bot/workflows/following.py",
        " or asked is None or asked.token != command.token:\n",
        " or asked is None:\n",
        "tests/engine/test_following.py::"
        "test_an_address_is_asked_only_so_often_and_old_links_serve_no_more",
    ),
    Mutant(
        "scope-not-asked",
        "a key opens what its scopes say",
        "bot/pages/api/app.py",
        "    if not caller.may(scope):\n",
        "    if False:\n",
        "tests/pages/test_api.py::test_each_scope_opens_its_own_and_nothing_else",
    ),
    Mutant(
        "hooks-reach-inside",
        "a webhook never reaches an address inside that is not named",
        "bot/engine/hook_reach.py",
        "            if plain is None or not (self._named(plain) or _outside(plain)):\n",
        "            if plain is None:\n",
        "tests/adapters/test_webhook.py::"
        "test_a_name_that_leads_inside_is_refused_even_beside_a_good_address",
    ),
    Mutant(
        "one-limit-for-all-mailboxes",
        "no mailbox waits for another",
        "bot/adapters/email/adapter.py",
        '        return (Limit(f"mailbox:{address}", 10, MINUTE),)\n',
        '        return (Limit("mailbox", 10, MINUTE),)\n',
        "tests/adapters/test_email.py::test_one_mailbox_never_waits_for_another",
    ),
    Mutant(
        "coming-in-is-a-proof",
        "whoever was still signed in at the organisation has proved nothing",
        "bot/pages/organisation.py",
        "        proved = found is not None and self._logins.is_fresh(found)\n",
        "        proved = found is not None\n",
        "tests/pages/test_organisation.py::"
        "test_coming_in_is_a_proof_only_when_they_showed_it_there_just_now",
    ),
)
