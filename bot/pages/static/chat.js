// The customer's chat: notice, questions, the way it goes on. Everything that counts is on the
// server; here are only what was typed and what has not been answered yet.
import { forget } from "/static/ask.js";
import { arrived, lostForm, welcome } from "/static/back.js";
import { calmly } from "/static/calm.js";
import { el, kept, writing } from "/static/dom.js";
import { cameOn } from "/static/elsewhere.js";
import { Trays } from "/static/files.js";
import { showKnown } from "/static/known.js";
import { linesOf, showLines, showState } from "/static/log.js";
import { Outbox } from "/static/outbox.js";
import { stepsOf } from "/static/steps.js";
import { followTogether } from "/static/stream.js";
import { Hint, Typing } from "/static/typing.js";
import { Vital } from "/static/vital.js";

const root = document.getElementById("chat");
const t = { ...JSON.parse(root.dataset.sentences), numbers: root.dataset.numbers.split("|") };
const at = (name) => document.getElementById(name);
const language = document.documentElement.lang;
const CHECK = 3000;
const SOON = 1000;
const PAUSE = 200;

const remembers = (() => {
  try {
    localStorage.setItem("muster.probe", "1");
    localStorage.removeItem("muster.probe");
    return true;
  } catch {
    return false;
  }
})();

const app = {
  report: null,
  letters: [],
  cursor: 0,
  loaded: false,
  editing: null,
  stopping: "",
  fixing: false,
  sent: [],
  acted: false,
  ended: null,
};

const vital = new Vital({ card: at("emergency"), log: at("log"), call: at("call") });

// --- talking to the server ---------------------------------------------------------------------

const headers = () => {
  const token = kept.get("visitor");
  return token ? { "x-muster-visitor": token } : {};
};

async function ask(path, body) {
  return fetch(path, {
    method: body ? "POST" : "GET",
    headers: {
      accept: "application/json",
      ...(body && { "content-type": "application/json" }),
      ...headers(),
    },
    body: body && JSON.stringify(body),
    cache: "no-store",
  });
}

/** A token of our own, asked for with the first thing that is said. */
async function introduced() {
  if (kept.get("visitor")) return true;
  const response = await ask("/chat/visitor", { language });
  if (!response.ok) return false;
  kept.set("visitor", (await response.json()).token);
  listen();
  return true;
}

async function deliver({ id, command }) {
  try {
    if (!(await introduced())) return null;
    const response = await ask("/chat/do", { id, language, ...command });
    if (response.status === 401) {
      lost();
      return { outcome: "refused", code: "lost", text: t.lost };
    }
    if (response.status === 429 || response.status >= 500) return null;
    net(true);
    return await response.json();
  } catch {
    net(false);
    return null;
  }
}

let seenThrough = 0;
let refreshing = false;
let wanted = false;
let later;

/** Read how things stand; asked for several times at once it reads once more, not many times. */
async function refresh() {
  clearTimeout(later);
  if (refreshing) {
    wanted = true;
    return;
  }
  refreshing = true;
  let pause = PAUSE;
  try {
    pause = await read();
  } finally {
    refreshing = false;
  }
  app.loaded = true;
  render();
  if (wanted || pause > PAUSE) {
    wanted = false;
    later = setTimeout(refresh, pause);
  }
}

/** One reading; returns after how many milliseconds to look again, if there is a reason to. */
async function read() {
  const visitor = kept.get("visitor");
  if (!visitor) return PAUSE;
  try {
    const response = await ask(`/chat/state?after=${app.cursor}&lang=${language}`);
    if (kept.get("visitor") !== visitor) return PAUSE;
    if (response.status === 401) lost();
    else if (response.status === 429) return 1000 * (Number(response.headers.get("retry-after")) || 5);
    else if (response.ok) {
      const found = await response.json();
      if (kept.get("visitor") === visitor) take(found);
      net(true);
    } else throw new Error(response.status);
    return PAUSE;
  } catch {
    net(false);
    return CHECK;
  }
}

function take({ report, letters, cursor, more }) {
  app.report = report;
  const known = new Set(app.letters.map((one) => one.number));
  const fresh = letters.filter((one) => !known.has(one.number));
  app.letters.push(...fresh);
  if (fresh.some((one) => one.by === "desk")) theirs.hide();
  for (const one of fresh) {
    const own = one.by === "me" && app.sent.findIndex((it) => it.words === one.words);
    if (own >= 0 && own !== false) app.sent.splice(own, 1);
  }
  app.cursor = cursor;
  expire(report?.again_in);
  if (more) wanted = true;
  if (app.editing && !report?.answers.some((one) => one.key === app.editing)) app.editing = null;
}

let expiry;

/** What was promised is looked at again when its time has come. */
function expire(after) {
  clearTimeout(expiry);
  if (after) expiry = setTimeout(refresh, Math.min(after + CHECK, 2 ** 31 - 1));
}

/** From now on nobody, or somebody else. */
function become(token) {
  kept.set("visitor", token);
  app.ended?.();
  app.ended = null;
  seenThrough = 0;
  trays.clear();
  Object.assign(app, { report: null, letters: [], cursor: 0, editing: null, sent: [] });
}

function lost() {
  become(null);
  app.loaded = true;
  at("net").textContent = t.lost;
  render();
}

/** Somebody came by a link: ask, and then bring that conversation here. */
function comeBack() {
  const link = arrived();
  const opened = (token) => {
    outbox.items = [];
    kept.set("draft.message", null);
    become(token);
    kept.set("back", link);
    listen();
    refresh();
  };
  if (link) welcome({ t, place: at("back"), link, ask, opened });
}

let isUp = true;
function net(up) {
  if (up === isUp) return;
  isUp = up;
  at("net").textContent = up ? "" : t.offline;
  render();
}

function heard(event) {
  if (event === "gone") lost();
  else if (event === "typing") theirs.show();
  else refresh();
}

function listen() {
  app.ended ??= followTogether({
    name: "muster.stream",
    alone: !remembers,
    url: () => "/chat/stream",
    headers,
    on: heard,
    net,
  });
}

// --- what the customer does --------------------------------------------------------------------

const outbox = new Outbox({ deliver, settled, changed: () => render() });

function press(command) {
  app.acted = true;
  vital.read();
  outbox.add(command, app.letters.at(-1)?.number);
}

function settled({ command, after }, answer) {
  if (answer.outcome === "done") {
    if (command.do === "answer_question") {
      forget({ key: command.field });
      app.editing = null;
    }
    // The letter may have come before the answer.
    const here = (one) => one.by === "me" && one.words === command.words && one.number > (after ?? 0);
    if (command.do === "write_message" && !app.letters.some(here)) {
      app.sent.push({ id: `s${Date.now()}`, words: command.words, sent: true });
    }
    if (command.do === "withdraw_report") app.stopping = "";
    if (command.do === "answer_fixed") app.fixing = false;
  } else refused(command, answer.text || t.trouble);
  refresh();
}

/** The sentence stands where the words are, and the words stay. */
function refused(command, text) {
  const form = at("composer").querySelector("form.question");
  const writing = at("composer").querySelector("form.write");
  if (command.do === "answer_question" && form?.refuse) form.refuse(text);
  else if (command.words && writing) {
    const box = writing.querySelector("textarea");
    if (!box.value) box.value = command.words;
    kept.set("draft.message", box.value);
    writing.querySelector(".answer").textContent = text;
    box.focus();
  } else {
    if (command.do === "write_message") kept.set("draft.message", command.words);
    at("net").textContent = text;
  }
}

const trays = new Trays({ t, language, most: Number(root.dataset.fileMost), changed: () => refresh() });

const steps = stepsOf({
  t,
  trays,
  app,
  language,
  mails: "mail" in root.dataset,
  elsewhere: "elsewhere" in root.dataset,
  ways: JSON.parse(root.dataset.ways || "[]"),
  ask,
  press,
  write: (words) => outbox.add({ do: "write_message", words }),
  typing: () => mine.tell(),
  refresh,
  render: () => render(),
  tell: (text) => (at("net").textContent = text),
});

const theirs = new Hint(at("typing"));
const mine = new Typing(() => kept.get("visitor") && ask("/chat/typing", {}));

const busy = () => outbox.items.some((one) => !one.failed && one.command.do !== "mark_seen");

// --- what is shown -----------------------------------------------------------------------------

const render = () => calmly(shown);

function shown() {
  const { report } = app;
  at("notice").hidden = !app.loaded || Boolean(report) || busy();
  const now = Date.now();
  const slow = isUp && busy() && outbox.late(now - SOON) ? t.slow : "";
  if (at("slow").textContent !== slow) at("slow").textContent = slow;
  const pending = outbox.items
    .filter((one) => one.command.do === "write_message" || one.failed)
    .map((one) => ({
      id: one.id,
      words: one.command.words ?? t.trouble,
      failed: one.failed,
      late: now - one.at > CHECK,
    }));
  const lines = linesOf({ report, letters: app.letters, pending: [...app.sent, ...pending] });
  showLines(at("log"), t, { lines, report }, { retry: (id) => outbox.retry(id), drop: (id) => outbox.drop(id) });
  showState(at("state"), t, report);
  showKnown(at("known"), report?.known, press);
  vital.stand(report?.danger);
  compose(report);
  if (app.loaded) vital.look(app.letters);
  seen(report);
}

function part(report) {
  if (!report) return ["none"];
  if (app.stopping) return ["stopping", app.stopping];
  if (report.asking && app.editing) return ["edit", app.editing];
  if (report.asking && report.question) return ["ask", report.question.key, report.question];
  if (report.asking && report.ready) return ["summary", report.answers, report.expect];
  const on = [report.joining, report.moved];
  if (report.stage === "confirming") return [app.fixing ? "unfixed" : "fixed", report.confirm_until, on];
  const back = report.way_back && kept.get("back");
  if (report.can_rate) return ["rate", report.rating, back, report.mailed, on];
  return [report.stage, report.can_write, report.way_back, back, report.mailed, on];
}

function compose(report) {
  const place = at("composer");
  const what = part(report);
  const content = JSON.stringify(what);
  if (place.content !== content) {
    place.content = content;
    const made = steps.parts[what[0]]?.(report) ?? [];
    const talk = report && what[0] !== "ask" && what[0] !== "edit" && what[0] !== "summary";
    const alone = ["stopping", "unfixed"].includes(what[0]);
    const held = app.acted ? null : writing(place, what[0]);
    place.replaceChildren(...made, ...(talk && !alone ? steps.after(report) : []));
    if (app.acted) place.querySelector("fieldset, h2, textarea")?.focus({ preventScroll: true });
    held?.();
    if (!vital.show() && (app.acted || app.loaded)) place.scrollIntoView({ block: "nearest" });
    app.acted = false;
  }
  place.toggleAttribute("aria-busy", busy());
}

/** What the desk wrote and is on the screen counts as read. */
function seen(report) {
  const unread = report && report.messages > Math.max(report.seen, seenThrough);
  if (!unread || document.visibilityState !== "visible" || !isUp) return;
  seenThrough = report.messages;
  outbox.add({ do: "mark_seen", through: report.messages });
}

// --- the beginning -----------------------------------------------------------------------------

if (!remembers) at("forgets").textContent = t.forgets;
// In the frame of another site, whose own keys are not heard in here.
if ("embed" in root.dataset) {
  addEventListener("keydown", (event) => {
    const closes = event.key === "Escape" && !event.isComposing && !event.defaultPrevented;
    if (closes) parent.postMessage("muster:close", "*");
  });
}
at("begin").addEventListener("click", () => press({ do: "begin_report" }));
/** The numbers at once, whatever else is going on; nothing is asked before. */
function helpNow() {
  vital.open();
  vital.stand(true);
  at("emergency").querySelector("a").focus({ preventScroll: true });
}
at("help").addEventListener("click", helpNow);
for (const need of at("emergency").querySelectorAll("[data-need]")) {
  need.addEventListener("click", () => {
    press({ do: "ask_for_help", need: need.dataset.need });
    vital.open();
    at("coming").hidden = false;
  });
}
at("calm").addEventListener("click", () => {
  vital.close();
  vital.stand(app.report?.danger);
  at("help").focus({ preventScroll: true });
});
if (location.hash === "#now") helpNow();
addEventListener("storage", (event) => {
  if (event.key === "muster.visitor") location.reload();
});
document.addEventListener("visibilitychange", () => seen(app.report));
setInterval(() => outbox.items.length && render(), SOON);

if (kept.get("visitor")) listen();
if (at("lost")) lostForm({ t, place: at("lost"), ask });
const comeOn = () => cameOn({ t, place: at("back"), ask, ready: introduced, done: refresh });
addEventListener("hashchange", comeBack);
addEventListener("hashchange", comeOn);
refresh().then(() => {
  outbox.go();
  comeBack();
  comeOn();
});
