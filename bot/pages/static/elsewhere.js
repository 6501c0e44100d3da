// Going on in another app: a code to send from there, who has sent it, and the way back to here.
import { el } from "/static/dom.js";
import { fresh } from "/static/stream.js";

const filled = (text, values) => text.replace(/\{(\w+)\}/g, (all, name) => values[name] ?? all);

/** Who has sent the code and waits for a yes. */
function waiting({ t, report, press }) {
  const one = report.joining;
  const button = (text, content, kind) =>
    el("button", { type: "button", class: kind, onclick: () => press(content) }, text);
  return el(
    "section",
    { class: "card" },
    el("p", {}, el("strong", {}, one.title), " ", el("span", { dir: "auto" }, one.name)),
    one.agreed
      ? el("p", {}, t.join_soon)
      : [
          el("p", {}, t.join_asks),
          el("p", { class: "check" }, el("strong", { dir: "ltr" }, one.check)),
          el("p", { class: "muted small" }, t.join_hint),
          el(
            "div",
            { class: "row" },
            button(t.join_yes, { do: "confirm_join", number: one.number }, "primary"),
            button(t.join_no, { do: "decline_join" }, "quiet"),
          ),
        ],
  );
}

/** A button that gets a code, and the code. `ask` talks to the server. */
function offered({ t, ask }) {
  const place = el("div", { class: "stack", role: "status" });
  async function get() {
    try {
      const response = await ask("/chat/code", { id: fresh() });
      const found = await response.json();
      if (!found.apps) {
        place.textContent = found.text || t.trouble;
        return;
      }
      const app = ({ title, link }) =>
        link ? el("a", { class: "button", href: link, target: "_blank", rel: "noreferrer" }, title) : el("span", {}, title);
      place.replaceChildren(
        el("p", { class: "check" }, el("strong", { dir: "ltr" }, found.code)),
        el("div", { class: "row" }, found.apps.map(app)),
        el("p", { class: "muted small" }, t.code_hint),
      );
    } catch {
      place.textContent = t.offline_short;
    }
  }
  const button = el("button", { type: "button", onclick: get }, t.code_get);
  return el("details", { class: "lost" }, el("summary", {}, t.elsewhere), el("div", { class: "stack" }, button, place));
}

/** A button for each app in which it goes on by a link, and the link once it is asked for. */
function linked({ t, ask, ways }) {
  const place = el("div", { class: "stack", role: "status" });
  async function get(index) {
    try {
      const response = await ask("/chat/way", { id: fresh() });
      const found = await response.json();
      if (!found.apps) {
        place.textContent = found.text || t.trouble;
        return;
      }
      const { title, link } = found.apps[index] ?? found.apps[0];
      const open = el("a", { class: "button primary", href: link, target: "_blank", rel: "noreferrer" }, title);
      place.replaceChildren(el("div", { class: "row" }, open), el("p", { class: "muted small" }, t.way_hint));
      open.focus({ preventScroll: true });
    } catch {
      place.textContent = t.offline_short;
    }
  }
  const button = (title, index) => el("button", { type: "button", class: "quiet", onclick: () => get(index) }, title);
  return el("div", { class: "stack" }, el("div", { class: "row" }, ways.map(button)), place);
}

const MARK = "#on=";

/**
 * Somebody opened a link that leads here: ask first, then go on. `ask` talks to the server,
 * `ready` makes sure that the server knows this browser, `done` is told when it goes on here.
 */
export function cameOn({ t, place, ask, ready, done }) {
  if (!location.hash.startsWith(MARK)) return;
  const link = location.hash.slice(MARK.length);
  history.replaceState(null, "", location.pathname + location.search);
  const said = el("p", { role: "alert" });
  const close = () => {
    place.hidden = true;
    place.replaceChildren();
  };
  async function go(sure) {
    try {
      if (!(await ready())) throw new Error("no visitor");
      const response = await ask("/chat/on", { id: fresh(), link, sure, language: document.documentElement.lang });
      const found = await response.json();
      if (found.outcome === "done") {
        close();
        done();
        return;
      }
      said.textContent = found.text || t.trouble;
      yes.hidden = found.outcome !== "ask";
    } catch {
      said.textContent = t.offline_short;
    }
  }
  const yes = el("button", { type: "button", class: "primary", hidden: true, onclick: () => go(true) }, t.on_yes);
  const leave = el("button", { type: "button", onclick: close }, t.back_leave);
  place.replaceChildren(el("h2", { tabindex: "-1" }, t.on_title), said, el("div", { class: "row" }, yes, leave));
  place.hidden = false;
  place.querySelector("h2").focus({ preventScroll: true });
  go(false);
}

/**
 * Everything about it that there is to say now; `elsewhere`: there are other apps at all, `ways`
 * what those are called to which a link leads.
 */
export function goingOn({ t, report, ask, press, elsewhere, ways }) {
  if (report.joining) return waiting({ t, report, press });
  if (report.moved) {
    const back = el("button", { type: "button", onclick: () => press({ do: "go_on_here" }) }, t.go_on_here);
    return el("div", { class: "row" }, el("p", {}, filled(t.moved, { app: report.moved })), back);
  }
  if (!report.can_write || report.asking) return null;
  const link = ways.length > 0 && linked({ t, ask, ways });
  return (link || elsewhere) && el("div", { class: "stack" }, link, elsewhere && offered({ t, ask }));
}
