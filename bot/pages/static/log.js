// The conversation: every line once, in order, and only what is new is touched, so that a screen
// reader hears it once.
import { el, words } from "/static/dom.js";
import { shownFile } from "/static/files.js";
import { advice } from "/static/vital.js";

const AUTHORS = { me: "you", desk: "desk", house: "house" };

function letter(t, one) {
  const spoken = one.words && one.by !== "me" && !one.message ? one.text : "";
  const body = one.erased ? t.erased : one.words || one.text;
  return el(
    "li",
    { class: `bubble ${one.by === "house" ? "" : one.by} ${isVital(one) ? "vital" : ""}` },
    el(
      "p",
      { class: "meta" },
      `${t[AUTHORS[one.by]]} · ${one.time}`,
      el("span", { class: "state" }),
    ),
    spoken && words(spoken, "meta"),
    isVital(one) ? advice(body, t.numbers) : one.file ? shownFile(t, one.file) : words(body),
  );
}

const isVital = (one) => one.pressing && one.by === "house";

function asked(t, one) {
  return el("li", { class: "bubble asked" }, words(one.label));
}

function answered(t, one) {
  const said = one.erased ? t.erased : one.skipped ? t.skipped : one.shown;
  return el(
    "li",
    { class: "bubble me" },
    el("p", { class: "meta" }, `${t.you} · ${one.time}`),
    one.files?.length ? one.files.map((file) => shownFile(t, file)) : words(said),
  );
}

function unsent(t, one, { retry, drop }) {
  const state = one.failed ? t.failed : one.late ? t.waiting : t.sending;
  const ways = el(
    "div",
    { class: "retry" },
    el("button", { type: "button", onclick: () => retry(one.id) }, t.retry),
    el("button", { type: "button", class: "quiet", onclick: () => drop(one.id) }, t.drop),
  );
  return el(
    "li",
    { class: `bubble me unsent ${one.failed ? "failed" : ""}` },
    el("p", { class: "meta" }, `${t.you} · ${one.sent ? t.sent : state}`),
    words(one.words),
    one.failed && ways,
  );
}

function answers(t, one) {
  const rows = one.answers.map((it) =>
    el(
      "div",
      {},
      el("dt", { dir: "auto" }, it.label),
      el("dd", { dir: "auto" }, it.erased ? t.erased : it.skipped ? t.skipped : it.shown),
    ),
  );
  const list = el("dl", { class: "answers" }, rows);
  return el("li", { class: "bubble whole" }, el("details", {}, el("summary", {}, t.answers), list));
}

const MAKE = { letter, asked, answered, answers, unsent };

/** How far each of the customer's messages has come. Only of the last one is it read out. */
function mark(t, place, report) {
  const own = [...place.querySelectorAll(".bubble.me")].filter((one) => one.message);
  for (const one of own) {
    const state = one.querySelector(".state");
    const text = ` · ${one.message <= (report?.read ?? 0) ? t.seen : t.delivered}`;
    if (state.textContent === text) continue;
    state.setAttribute("aria-live", one === own.at(-1) ? "polite" : "off");
    state.textContent = text;
  }
}

/** Everything that was said, as lines with a key that stays, in the order in which to show them. */
export function linesOf({ report, letters, pending }) {
  const files = report?.files ?? [];
  const lines = letters.map((one) => ({
    ...one,
    file: one.by === "me" && one.message ? files.find((file) => file.message === one.message) : undefined,
    kind: "letter",
    key: `l${one.number}`,
  }));
  // The summary shows all answers by itself; afterwards they are there to be opened.
  const given = report?.ready ? [] : (report?.answers ?? []);
  if (report && !report.asking && given.length) {
    lines.push({ answers: given, at: given[0].at, kind: "answers", key: "answers" });
  } else {
    for (const one of given) {
      lines.push({ ...one, kind: "asked", key: `q${one.key}`, rank: 0 });
      const sent = one.question.type === "file" ? files.filter((file) => one.raw?.includes(file.file)) : [];
      lines.push({ ...one, files: sent, kind: "answered", key: `a${one.key}`, rank: 1 });
    }
  }
  lines.sort((a, b) => a.at - b.at || (a.rank ?? 2) - (b.rank ?? 2));
  const mine = pending.map((one) => ({ ...one, kind: "unsent", key: `o${one.id}` }));
  return [...lines, ...mine];
}

/** Bring the list `place` to show `lines`. */
export function showLines(place, t, { lines, report }, ways) {
  const old = new Map([...place.children].map((one) => [one.key, one]));
  let before = null;
  for (const line of lines) {
    const content = JSON.stringify(line);
    let node = old.get(line.key);
    if (!node || node.content !== content) {
      const made = MAKE[line.kind](t, line, ways);
      node?.replaceWith(made);
      node = made;
      node.key = line.key;
      node.content = content;
      node.message = line.by === "me" && line.message;
    }
    old.delete(line.key);
    const next = before ? before.nextSibling : place.firstChild;
    if (node !== next) place.insertBefore(node, next);
    before = node;
  }
  for (const gone of old.values()) gone.remove();
  mark(t, place, report);
}

/** How the report stands, in `place`. */
export function showState(place, t, report) {
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
