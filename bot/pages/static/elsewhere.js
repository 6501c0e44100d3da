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

/** Everything about it that there is to say now; `elsewhere`: there are other apps at all. */
export function goingOn({ t, report, ask, press, elsewhere }) {
  if (report.joining) return waiting({ t, report, press });
  if (report.moved) {
    const back = el("button", { type: "button", onclick: () => press({ do: "go_on_here" }) }, t.go_on_here);
    return el("div", { class: "row" }, el("p", {}, filled(t.moved, { app: report.moved })), back);
  }
  return elsewhere && !report.asking && report.can_write && offered({ t, ask });
}
