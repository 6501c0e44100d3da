"""One major outage: many report the same, it becomes one incident, and all are kept informed."""

from random import Random

from bot.core import report_words as rw
from bot.core.incident_commands import CloseIncident
from bot.core.moving_words import MergeIncident
from bot.demo import beats as b
from bot.demo.moods import Mood
from bot.demo.played import PLAYED, play
from bot.demo.scene import Scene
from bot.demo.shift import Shift
from bot.demo.stage import Left, Stage

FIRST, LAST, APART = -125, 18, 0.9
"""When it begins, when power is back, how many minutes lie between two reports."""

HEARD: tuple[tuple[Mood, str, str], ...] = (
    (
        "calm",
        "The power is gone in the whole building, lights, lifts and computers.",
        "Harbour House, ground floor",
    ),
    ("hurried", "Everything is dark, across the road as well.", "Station Arcade, chemist"),
    ("hurried", "No power at all since a few minutes ago. Is it only us?", "The Exchange, archive"),
    (
        "angry",
        "We have forty people standing in the dark, when does it come back.",
        "Harbour House, second floor, training room",
    ),
    ("calm", "Power cut, also the traffic lights outside.", "The Exchange, canteen"),
    (
        "frightened",
        "It is pitch dark in the stairwell and some people are afraid.",
        "The Exchange, third floor",
    ),
    ("calm", "Lights went out with a click and did not come back.", "Weavers Court, flat 17"),
    ("hurried", "No electricity here, the tills do not work.", "Station Arcade, shoe shop"),
    (
        "calm",
        "Blackout in the whole house. I looked at the fuse box and it is fine.",
        "Weavers Court, flat 4",
    ),
    (
        "angry",
        "Power is out again, and your telephone line is busy.",
        "Northgate Library, reading room",
    ),
    ("calm", "I see no lights in the whole street.", "Quayside Market, office"),
    ("hurried", "The shutters of the shop are stuck half open, no power.", "Station Arcade, baker"),
    ("calm", "No power on any floor. Emergency lights are on.", "Harbour House, third floor"),
    (
        "frightened",
        "My mother is alone upstairs in the dark and does not answer the phone.",
        "Weavers Court, flat 22",
    ),
    ("hurried", "All computers went off at once, the whole team.", "The Exchange, first floor"),
    ("calm", "The street lamps and our lights are out.", "Quayside Market, gatehouse"),
    ("angry", "In the middle of an exam. Forty pupils in the dark.", "St Anne's School, main hall"),
    ("calm", "No light and no heating since just now.", "Weavers Court, flat 31"),
    ("hurried", "Card machines are dead and people are queueing.", "Quayside Market, fruit stall"),
    ("calm", "Power failure in all offices of this wing.", "Harbour House, fourth floor, finance"),
    ("calm", "The doors of the car park do not open any more.", "Station Arcade, car park"),
    ("hurried", "Dark here too, is there anything that we should do?", "Northgate Library, café"),
)
REPORTERS = len(HEARD)
COMMENTS = ("", "Well informed, thank you.", "", "Long, but I knew what was going on.", "")
NEWS = {
    2: (9, "Any news? It is getting cold in here.", "Not yet, I am sorry. Next news by the hour."),
    4: (
        26,
        "Is it worth waiting or should we send people home?",
        "It will take some hours, so for today I would let them go.",
    ),
    5: (41, "Thanks for the updates, that helps.", "I am glad. I write again when it moves."),
    14: (
        1,
        "She picked up. All well, she has a torch.",
        "What a relief. Write here at once if she needs anything.",
    ),
}
"""What some of them write after so many minutes, and what they are answered."""

LEAD = b.Story(
    key="outage",
    mood=HEARD[0][0],
    what=HEARD[0][1],
    where=(HEARD[0][2],),
    answers={
        "safety": "no",
        "category": "power",
        "power.extent": "building",
        "power.hazards": ["none"],
        "power.depends": ["doors"],
        "how_many": "many",
    },
    agent="grace",
    since=4,
    beats=(
        b.Take(1),
        b.Reply(1, "Thank you, you are the first to tell us. Is everybody safe where you are?"),
        b.Says(1, "Yes, all safe. The emergency lights are on."),
        b.Reply(0.5, "Good. I will keep you informed here; you need not ask again."),
        b.Tick(0.5, 3),
        b.Claim(1, "dev", "inspect", 20),
        b.Publish(
            2,
            "There is no power in several buildings around Northgate. We know of it, and an "
            "electrician is on the way. You need not report it again.",
            "В нескольких зданиях района Нортгейт нет электричества. Мы об этом знаем, электрик "
            "уже едет. Сообщать ещё раз не нужно.",
            next_in=20,
        ),
        b.Depart(1, "dev", "inspect"),
        b.Ask(2, "generator"),
        b.Arrive(13, "dev", "inspect"),
        b.Note(
            3,
            "Our boards are fine. A cable of the network operator is cut at the building "
            "site; they have sent a crew.",
        ),
        b.Publish(
            2,
            "A cable was cut at the building site beside the station. The network operator is "
            "mending it, which takes some hours. Emergency lights work in all buildings.",
            "На стройке у вокзала повреждён кабель. Сетевая компания его чинит, это займёт "
            "несколько часов. Аварийное освещение работает во всех зданиях.",
            next_in=60,
        ),
        b.Done(4, "dev", "inspect", "No fault on our side; mains off until supply is back."),
        b.Claim(5, "dev", "generator", 45),
        b.Note(25, "Operator says: joint is made, test at the full hour.", by="maya"),
        b.Arrive(20, "dev", "generator"),
        b.Publish(
            26,
            "The cable is being tested. Lifts and doors run on a generator until then. We "
            "expect the power to be back this hour.",
            "Кабель проверяют. Пока лифты и двери работают от генератора. Думаем, что в течение "
            "часа электричество появится.",
            next_in=40,
        ),
    ),
)
ENDING: tuple[b.Beat, ...] = (
    b.Publish(
        0,
        "Power is back in all buildings. Please switch on large devices one after the other. "
        "We are still looking whether everything runs.",
        "Электричество есть во всех зданиях. Пожалуйста, включайте крупные приборы по очереди. "
        "Мы ещё проверяем, всё ли работает.",
        next_in=30,
    ),
    b.Done(3, "dev", "generator", "Supply is stable; generator switched off and taken back."),
    b.Resolve(3, "The network operator has mended the cable; supply stable in all buildings."),
)


class Outage:
    """Its reporters, and the one incident that all of them come to."""

    def __init__(self, stage: Stage, shift: Shift, seed: str) -> None:
        self._stage, self._shift = stage, shift
        self._seed = seed
        self.chance = Random(f"{seed}/outage")
        self._lead = Scene(stage, shift, LEAD, "outage-1", seed)
        self._others = [
            Scene(stage, shift, self._story(number), f"outage-{number}", seed)
            for number in range(2, REPORTERS + 1)
        ]

    def _story(self, number: int) -> b.Story:
        mood, what, where = HEARD[number - 1]
        extent = "area" if "street" in what or "across" in what or "outside" in what else "building"
        answers = {**LEAD.answers, "power.extent": extent, "power.depends": ["none"]}
        return b.Story(
            key=f"outage-{number}",
            mood=mood,
            what=what,
            where=(where,),
            answers=answers,
            agent="tom",
            since=3,
            pace=0.6,
            calls=number % 3 != 0,
            beats=(),
        )

    def begin(self) -> None:
        """Let everybody come."""
        self._shift.begin(self._led(), FIRST)
        for place, scene in enumerate(self._others):
            self._shift.begin(self._joins(scene, place), FIRST + 4 + place * APART)

    async def _led(self) -> None:
        await play(self._lead)
        await self._shift.until(LAST - 12)
        self._stage.ours.add(self._lead.incident)
        try:
            for beat in ENDING:
                await self._shift.pause(beat.after)
                await PLAYED[type(beat)](self._lead, beat)
            await self._shift.pause(16)
            await self._lead.desk(CloseIncident(incident=self._lead.incident))
        except Left:
            return
        finally:
            self._lead.let_go()

    async def _joins(self, scene: Scene, place: int) -> None:
        try:
            await scene.come()
            await self._shift.pause(self.chance.uniform(0.5, 1.5))
            await self._merge(scene)
            if place + 2 in NEWS:
                await self._asks(scene, *NEWS[place + 2])
            await self._shift.until(LAST - 4 + place * 0.6)
            await self._answers(scene, place)
        except Left:
            return

    async def _merge(self, scene: Scene) -> None:
        """An agent sees that it is the same, and lets it go on there."""
        state = await scene.stage.incident(scene.incident)
        lead = self._lead.incident
        off = tuple(one.number for one in state.tasks if one.unseen_to)
        merge = MergeIncident(incident=state.stream, into=lead, call_off=off)
        await self._stage.do(scene.agent, merge)
        await self._stage.incident_when(scene.incident, lambda one: one.status == "merged")
        await self._stage.incident_when(lead, lambda one: not one.kin.expects)
        await self._stage.report_when(scene.report, lambda one: one.incident == lead)
        scene.let_go()
        scene.incident, scene.agent = lead, LEAD.agent

    async def _asks(self, scene: Scene, after: int, words: str, answer: str) -> None:
        await self._shift.pause(after)
        await scene.seen(scene.who)
        await scene.says(rw.WriteMessage(words=words))
        await PLAYED[b.Reply](scene, b.Reply(0, answer))

    async def _answers(self, scene: Scene, place: int) -> None:
        """Most say that it is fixed, a few are never heard of again."""
        state = await scene.stage.report(scene.report)
        if place % 6 == 5 or state.stage != "confirming":
            return
        await scene.seen(scene.who)
        await scene.says(rw.AnswerFixed(fixed=True))
        await self._stage.report_when(scene.report, lambda one: one.stage in ("done", "closed"))
        if place % 2 == 0:
            comment = COMMENTS[place // 2 % len(COMMENTS)]
            await self._shift.pause(0.5)
            await scene.says(rw.RateService(score=self.chance.choice((3, 4, 5)), words=comment))
