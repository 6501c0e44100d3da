"""Mutants of how incidents are handled: who hears, who is called again, who may see, who looked."""

from tests.sabotage.mutant import Mutant

IN_PRACTICE: tuple[Mutant, ...] = (
    Mutant(
        "told-on-each-channel",
        "whoever follows on several channels hears each update once",
        "bot/engine/circles.py",
        "        if self.hears.each:\n",
        "        if True:\n",
        "tests/engine/test_hearing.py::"
        "test_practice_4_3_who_follows_on_several_channels_hears_once_where_they_followed_last",
    ),
    Mutant(
        "broken-glass-unshown",
        "an update that went without approval says so wherever its messages are listed",
        "bot/engine/read_ledger.py",
        "        found = await self.log(stream, version, 1) if version else []\n",
        "        found = await self.log(stream, version, 1) if not version else []\n",
        "tests/pages/test_approving.py::"
        "test_whoever_sends_without_approval_proves_first_who_they_are",
    ),
    Mutant(
        "hidden-problem-shown",
        "of a problem that few may see its incidents show nothing",
        "bot/workflows/problems.py",
        '    if problem.visibility == "normal" and problem.incident_kind == "problem":\n',
        '    if problem.incident_kind == "problem":\n',
        "tests/workflows/test_problems.py::"
        "test_practice_2_1_of_a_problem_that_few_may_see_its_incidents_show_nothing",
    ),
    Mutant(
        "held-for-ever",
        "what is held until a time returns by itself",
        "bot/workflows/holding.py",
        "    if state.held_until is not None:\n",
        "    if False:\n",
        "tests/workflows/test_holding.py::"
        "test_practice_1_3_at_its_time_it_returns_by_itself_and_the_owner_is_called",
    ),
    Mutant(
        "looked-unnoticed",
        "who looks at what few may see is kept before they see it",
        "bot/engine/looks.py",
        "        if not isinstance(state, Incident) or not watched(state) or by == HOUSE:\n",
        "        if True:\n",
        "tests/pages/test_looking.py::"
        "test_practice_7_3_who_opens_the_page_of_somebody_in_distress_is_in_its_log",
    ),
)
