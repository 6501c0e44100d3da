// The way back: a link to keep, and what happens when somebody comes by one. It stands behind the
// # of the address, which browsers send to nobody.
import { el, kept } from "/static/dom.js";
import { fresh } from "/static/stream.js";

const MARK = "#back=";

/** What the server said, in words for whoever asked. */
class Refused extends Error {}

async function copy(text) {
  try {
    const item = new ClipboardItem({ "text/plain": text.then((one) => new Blob([one], { type: "text/plain" })) });
    await navigator.clipboard.write([item]);
    return true;
  } catch {
    return false;
  }
}

/**
 * What can be done about a link while `report` stands: get one, copy it again, end it. `ask` talks
 * to the server, `changed` is told when there is another link, `end` ends it.
 */
export function wayBack({ t, report, ask, changed, end }) {
  const link = report.way_back && kept.get("back");
  const said = el("p", { class: "answer", role: "status" });
  const say = (text) => (said.textContent = text);

  async function made() {
    const response = await ask("/chat/keep", { id: fresh() });
    const found = await response.json();
    if (!found.link) throw new Refused(found.text || t.trouble);
    kept.set("back", found.link);
    return found.link;
  }

  const address = async (found) => `${location.origin}/chat${MARK}${await found}`;
  async function take(found) {
    try {
      const copied = await copy(address(found));
      await found;
      changed(copied ? t.back_copied : t.back_select);
    } catch (trouble) {
      say(trouble instanceof Refused ? trouble.message : t.offline_short);
    }
  }

  if (!link) {
    const text = report.way_back ? t.back_anew : t.back_get;
    return el(
      "div",
      { class: "row" },
      el("button", { type: "button", class: "quiet", onclick: () => take(made()) }, text),
      said,
    );
  }
  const value = `${location.origin}/chat${MARK}${link}`;
  const box = el("input", { type: "text", readonly: true, value, onfocus: () => box.select() });
  return el(
    "section",
    { class: "card back" },
    el("label", { class: "field" }, el("span", {}, t.back_title), box),
    el("p", { class: "muted small" }, t.back_hint),
    el(
      "div",
      { class: "row" },
      el("button", { type: "button", onclick: () => take(Promise.resolve(link)) }, t.back_copy),
      el("button", { type: "button", class: "quiet", onclick: end }, t.back_end),
    ),
    said,
  );
}

/** The link in the address, which from now on is there no more. */
export function arrived() {
  if (!location.hash.startsWith(MARK)) return null;
  const link = location.hash.slice(MARK.length);
  history.replaceState(null, "", location.pathname + location.search);
  return link;
}

/**
 * Ask whether to open what `link` leads to: it may be somebody else's. `opened(token)` is told
 * when it is another conversation than the one that is open here.
 */
export function welcome({ t, place, link, ask, opened }) {
  const said = el("p", { class: "answer error", role: "alert" });
  const close = () => {
    place.hidden = true;
    place.replaceChildren();
  };
  async function open() {
    try {
      const response = await ask("/chat/back", { link });
      const found = await response.json();
      if (!response.ok) {
        said.textContent = found.text ?? t.trouble;
        return;
      }
      close();
      if (found.token) opened(found.token, link);
    } catch {
      said.textContent = t.offline_short;
    }
  }
  place.replaceChildren(
    el("h2", { tabindex: "-1" }, t.back_open_title),
    el("p", {}, t.back_open_hint),
    said,
    el(
      "div",
      { class: "row" },
      el("button", { type: "button", class: "primary", onclick: open }, t.back_open),
      el("button", { type: "button", onclick: close }, t.back_leave),
    ),
  );
  place.hidden = false;
  place.querySelector("h2").focus({ preventScroll: true });
}

/** A form of `fields` ([name, label, type, autocomplete]) that is sent to `path`. */
function asked({ t, fields, button, path, ask, done }) {
  const said = el("p", { class: "answer", role: "status" });
  const boxes = fields.map(([name, label, type, autocomplete]) => {
    const box = el("input", { type, name, autocomplete, required: true, maxlength: 320 });
    return el("label", { class: "field" }, el("span", {}, label), box);
  });
  async function send(event) {
    event.preventDefault();
    said.textContent = "";
    const given = Object.fromEntries(new FormData(event.target));
    try {
      const response = await ask(path, { ...given, id: fresh(), language: document.documentElement.lang });
      const found = await response.json();
      if (found.outcome === "done") done(said, found);
      else said.textContent = found.text || t.trouble;
    } catch {
      said.textContent = t.offline_short;
    }
  }
  return el("form", { class: "stack", onsubmit: send }, boxes, said, el("button", {}, button));
}

/** An address to which a link may be sent when this browser is lost. */
export function mailBack({ t, report, ask, changed }) {
  const form = asked({
    t,
    fields: [["address", t.mail_address, "email", "email"]],
    button: t.mail_keep,
    path: "/chat/mail",
    ask,
    done: () => changed(t.mail_kept),
  });
  const hint = el("p", { class: "muted small" }, t.mail_hint);
  const title = report.mailed ? t.mail_anew : t.mail_title;
  return el("details", { class: "lost" }, el("summary", {}, title), hint, form);
}

/** For whoever lost it: a link to the address that was left, asked for with the reference. */
export function lostForm({ t, place, ask }) {
  const form = asked({
    t,
    fields: [
      ["reference", t.lost_reference, "text", "off"],
      ["address", t.mail_address, "email", "email"],
    ],
    button: t.lost_ask,
    path: "/chat/lost",
    ask,
    done: (said, { text }) => (said.textContent = text),
  });
  place.append(form);
}
