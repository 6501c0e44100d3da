// Is it this one? What is known already and may be what the customer reports.
import { el, words } from "/static/dom.js";

/** The question with its answers; nothing where nothing is asked. */
export function showKnown(place, known, press) {
  const content = JSON.stringify(known ?? null);
  if (place.content === content) return;
  place.content = content;
  place.hidden = !known;
  if (!known) return place.replaceChildren();
  const button = (text, command, kind) =>
    el("button", { type: "button", class: kind, onclick: () => press(command) }, text);
  place.replaceChildren(
    el("h2", {}, known.title),
    ...known.found.flatMap((one) => [
      el("p", {}, el("strong", {}, one.line)),
      one.words && words(one.words),
      button(one.yes, { do: "join_known", incident: one.incident }, "primary"),
    ]).filter(Boolean),
    button(known.no, { do: "decline_known" }, "quiet"),
    el("p", { class: "muted small" }, known.note),
  );
}
