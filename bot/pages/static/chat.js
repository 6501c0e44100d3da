// The customer's chat: notice, questions, the way it goes on. Everything that counts is on the
// server; here are only what was typed and what has not been answered yet.
import { forget, questionForm } from "/static/ask.js";
import { arrived, wayBack, welcome } from "/static/back.js";
import { el, kept } from "/static/dom.js";
import { linesOf, showLines } from "/static/log.js";
import { Outbox } from "/static/outbox.js";
import { followTogether } from "/static/stream.js";
import { Vital } from "/static/vital.js";

const root = document.getElementById("chat");
const t = { ...JSON.parse(root.dataset.sentences), number: root.dataset.number };
const at = (name) => document.getElementById(name);
const language = document.documentElement.lang;
const CHECK = 3000;
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
  stopping: false,
  fixing: false,
  sent: [],
  acted: false,
  ended: null,
};

const vital = new Vital({ card: at("emergency"), log: at("log"), help: at("help"), call: at("call") });

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

function listen() {
  app.ended ??= followTogether({
    name: "muster.stream",
    alone: !remembers,
    url: () => "/chat/stream",
    headers,
    on: (event) => (event === "gone" ? lost() : refresh()),
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
    if (command.do === "withdraw_report") app.stopping = false;
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
  } else at("net").textContent = text;
}

const busy = () => outbox.items.some((one) => !one.failed && one.command.do !== "mark_seen");

// --- what is shown -----------------------------------------------------------------------------

function render() {
  const { report } = app;
  at("notice").hidden = !app.loaded || Boolean(report) || busy();
  const now = Date.now();
  const pending = outbox.items
    .filter((one) => one.command.do === "write_message" || one.failed)
    .map((one) => ({
      id: one.id,
      words: one.command.words ?? t.trouble,
      failed: one.failed,
      late: now - one.at > CHECK,
    }));
  const lines = linesOf({ report, letters: app.letters, pending: [...app.sent, ...pending] });
  showLines(at("log"), t, lines, { retry: (id) => outbox.retry(id), drop: (id) => outbox.drop(id) });
  showState(report);
  vital.stand(report?.danger);
  compose(report);
  if (app.loaded) vital.look(app.letters);
  seen(report);
}

function showState(report) {
  const place = at("state");
  place.hidden = !report || (report.stage === "answering" && !report.progress);
  if (place.hidden) return;
  const rows = [[t.reference, report.reference, "reference"]];
  if (report.expect) rows.push([t.expect, report.expect, ""]);
  for (const [label, text] of report.progress?.lines ?? []) rows.push([label, text, ""]);
  const content = JSON.stringify([report.headline, rows]);
  if (place.content === content) return;
  place.content = content;
  place.replaceChildren(
    el("h2", { id: "state-title" }, report.headline),
    el(
      "dl",
      { class: "brief" },
      rows.map(([label, text, kind]) =>
        el("div", {}, el("dt", {}, label), el("dd", { class: kind || undefined, dir: "auto" }, text)),
      ),
    ),
  );
}

function part(report) {
  if (!report) return ["none"];
  if (app.stopping) return ["stopping"];
  if (report.asking && app.editing) return ["edit", app.editing];
  if (report.asking && report.question) return ["ask", report.question.key, report.question];
  if (report.asking && report.ready) return ["summary", report.answers, report.expect];
  if (report.stage === "confirming") return [app.fixing ? "unfixed" : "fixed", report.confirm_until];
  const back = report.way_back && kept.get("back");
  if (report.can_rate) return ["rate", report.rating, back];
  return [report.stage, report.can_write, report.way_back, back];
}

const PARTS = { ask: asking, edit: editing, summary, fixed, unfixed, rate, stopping };

function compose(report) {
  const place = at("composer");
  const what = part(report);
  const content = JSON.stringify(what);
  if (place.content !== content) {
    place.content = content;
    const made = PARTS[what[0]]?.(report) ?? [];
    const talk = report && what[0] !== "ask" && what[0] !== "edit" && what[0] !== "summary";
    const alone = ["stopping", "unfixed"].includes(what[0]);
    place.replaceChildren(...made, ...(talk && !alone ? after(report) : []));
    if (app.acted) place.querySelector("fieldset, h2, textarea")?.focus({ preventScroll: true });
    if (!vital.show() && (app.acted || app.loaded)) place.scrollIntoView({ block: "nearest" });
    app.acted = false;
  }
  place.toggleAttribute("aria-busy", busy());
}

/** Buttons that are there at every step. */
function tools(report, ...more) {
  const open = ["answering", "sent", "confirming"].includes(report.stage);
  return [
    ...more,
    report.asking &&
      el("button", { type: "button", class: "quiet", onclick: () => press({ do: "ask_for_person" }) }, t.person),
    open &&
      el(
        "button",
        {
          type: "button",
          class: "quiet",
          onclick: () => {
            app.stopping = true;
            app.acted = true;
            render();
          },
        },
        t.solved,
      ),
  ];
}

const fill = (text, values) => text.replace(/\{(\w+)\}/g, (all, name) => values[name] ?? all);

function asking(report) {
  const { question } = report;
  const back =
    report.can_go_back &&
    el("button", { type: "button", class: "quiet", onclick: () => press({ do: "go_back" }) }, t.back);
  const skip =
    !question.required &&
    el(
      "button",
      { type: "button", class: "quiet", onclick: () => press({ do: "skip_question", field: question.key }) },
      t.skip,
    );
  return [
    questionForm({
      t,
      question,
      raw: question.raw ?? undefined,
      step: fill(report.steps ? t.step : t.step_alone, report),
      answer: (value) => press({ do: "answer_question", field: question.key, value }),
      tools: tools(report, back, skip),
    }),
  ];
}

function editing(report) {
  const one = report.answers.find((it) => it.key === app.editing);
  const keep = () => {
    forget(one.question);
    app.editing = null;
    app.acted = true;
    render();
  };
  return [
    questionForm({
      t,
      question: one.question,
      raw: one.raw,
      answer: (value) => press({ do: "answer_question", field: one.key, value }),
      tools: [el("button", { type: "button", class: "quiet", onclick: keep }, t.keep)],
    }),
  ];
}

function summary(report) {
  const change = (one) => () => {
    app.editing = one.key;
    app.acted = true;
    render();
  };
  const rows = report.answers.map((one) =>
    el(
      "div",
      {},
      el("dt", { dir: "auto" }, one.label),
      el("dd", { dir: "auto" }, one.erased ? t.erased : one.skipped ? t.skipped : one.shown),
      el(
        "dd",
        { class: "change" },
        el("button", { type: "button", "aria-label": `${t.change}: ${one.label}`, onclick: change(one) }, t.change),
      ),
    ),
  );
  return [
    el(
      "section",
      { class: "card" },
      el("h2", { tabindex: "-1" }, t.summary),
      el("p", { class: "muted" }, t.summary_hint),
      el("dl", { class: "summary" }, rows),
      !report.progress && report.expect && el("p", { class: "callout" }, report.expect),
      el("button", { type: "button", class: "primary big", onclick: () => press({ do: "confirm_summary" }) }, t.submit),
      el("div", { class: "row" }, tools(report)),
    ),
  ];
}

function stopping() {
  const go = () => {
    app.stopping = false;
    app.acted = true;
    render();
  };
  return [
    el(
      "section",
      { class: "card" },
      el("h2", { tabindex: "-1" }, t.solved_sure),
      el(
        "div",
        { class: "row" },
        el(
          "button",
          { type: "button", class: "primary", onclick: () => press({ do: "withdraw_report", why: "solved_itself" }) },
          t.solved_yes,
        ),
        el("button", { type: "button", onclick: go }, t.go_on),
      ),
    ),
  ];
}

/** A box for words beside some buttons, each of which sends `command` and them. */
function withWords(title, hint, label, buttons) {
  const box = el("textarea", { rows: 2, dir: "auto" });
  const made = buttons.map(([text, style, command]) =>
    el(
      "button",
      { type: "button", class: style, onclick: () => press({ ...command, words: box.value }) },
      text,
    ),
  );
  return el(
    "section",
    { class: "card" },
    el("h2", { tabindex: "-1" }, title),
    hint && el("p", { class: "muted" }, hint),
    el("label", { class: "field" }, el("span", {}, label), box),
    el("div", { class: buttons.length > 2 ? "scores" : "row" }, made),
  );
}

/** Whether the person is saying that it is not fixed. */
const turn = (on) => () => {
  app.fixing = on;
  app.acted = true;
  render();
};

function fixed(report) {
  const yes = () => press({ do: "answer_fixed", fixed: true });
  return [
    el(
      "section",
      { class: "card" },
      el("h2", { tabindex: "-1" }, t.fixed),
      report.confirm_until &&
        el("p", { class: "muted" }, fill(t.fixed_until, { time: report.confirm_until })),
      el(
        "div",
        { class: "row" },
        el("button", { type: "button", class: "primary big", onclick: yes }, t.fixed_yes),
        el("button", { type: "button", class: "big", onclick: turn(true) }, t.fixed_no),
      ),
    ),
  ];
}

function unfixed() {
  const ways = [[t.reopen, "primary", { do: "answer_fixed", fixed: false }]];
  const card = withWords(t.fixed_no, null, t.fixed_words, ways);
  card.querySelector(".row").append(
    el("button", { type: "button", class: "quiet", onclick: turn(false) }, t.back),
  );
  return [card];
}

function rate(report) {
  if (report.rating) return [el("p", { class: "callout" }, fill(t.rated, { score: report.rating }))];
  const scores = [1, 2, 3, 4, 5].map((score) => [String(score), "big", { do: "rate_service", score }]);
  return [withWords(t.rate, t.rate_hint, t.rate_words, scores)];
}

/** The conversation as a file. It is asked for with the header, so a plain link would not do. */
async function takeAway() {
  try {
    const response = await ask(`/chat/transcript?lang=${language}`);
    if (!response.ok) {
      at("net").textContent = (await response.json()).text || t.trouble;
      return;
    }
    const href = URL.createObjectURL(await response.blob());
    el("a", { href, download: `${app.report?.reference ?? "report"}.txt` }).click();
    setTimeout(() => URL.revokeObjectURL(href), CHECK);
  } catch {
    at("net").textContent = t.trouble;
  }
}

/** What is below once the questions are over: a box to write, and ways on. */
function after(report) {
  const box = el("textarea", {
    rows: 2,
    dir: "auto",
    "aria-describedby": "write-hint",
    value: kept.get("draft.message") ?? "",
    oninput: (event) => kept.set("draft.message", event.target.value || null),
    onkeydown: (event) => {
      if (event.key === "Enter" && !event.shiftKey && !event.isComposing) {
        event.preventDefault();
        write.requestSubmit();
      }
    },
  });
  const write = el(
    "form",
    {
      class: "write",
      onsubmit: (event) => {
        event.preventDefault();
        write.querySelector(".answer").textContent = "";
        if (!box.value.trim()) return;
        outbox.add({ do: "write_message", words: box.value });
        box.value = "";
        kept.set("draft.message", null);
      },
    },
    el("label", { class: "field" }, el("span", {}, t.message), box),
    el("p", { class: "muted small", id: "write-hint" }, t.message_hint),
    el("p", { class: "answer error", role: "alert" }),
    el("button", { class: "primary" }, t.send),
  );
  const anew = el(
    "button",
    { type: "button", onclick: () => press({ do: "begin_report", again: true }) },
    t.again,
  );
  const take = el("button", { type: "button", class: "quiet", onclick: takeAway }, t.take);
  const ways = el("div", { class: "row" }, tools(report), report.can_begin && anew, take);
  const back = report.can_write && !report.asking && wayBack({
    t,
    report,
    ask,
    changed: (text) => refresh().then(() => (at("net").textContent = text)),
    end: () => {
      kept.set("back", null);
      press({ do: "end_way_back" });
    },
  });
  return [report.can_write && write, ways, back].filter(Boolean);
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
at("help").addEventListener("click", () => {
  press({ do: "report_danger" });
  vital.open();
  vital.stand(true);
  at("call").focus({ preventScroll: true });
});
addEventListener("storage", (event) => {
  if (event.key === "muster.visitor") location.reload();
});
document.addEventListener("visibilitychange", () => seen(app.report));
setInterval(() => outbox.items.length && render(), CHECK);

if (kept.get("visitor")) listen();
addEventListener("hashchange", comeBack);
refresh().then(() => {
  outbox.go();
  comeBack();
});
