// Updates on the page itself: what lies in this browser's mailbox, and how much of it is new.

import { el, kept, words } from "/static/dom.js";
import { follow, fresh } from "/static/stream.js";

const TOKEN = "page";
const SEEN = "page.seen";
const place = document.querySelector("[data-hear]");
const title = document.title;
let letters = [];
let stop = null;
let held = null;

const headers = () => ({ "x-muster-page": kept.get(TOKEN) ?? "", accept: "application/json" });
const send = (path, content) =>
  fetch(path, {
    method: "POST",
    headers: { ...headers(), "content-type": "application/json" },
    body: JSON.stringify({ id: fresh(), ...content }),
  });
const unread = () => letters.filter((one) => one.number > (kept.get(SEEN) ?? 0)).length;

/** What is to be told and when: this page's incident, or what was chosen, in times of this place. */
function wish() {
  const chosen = [...place.querySelectorAll("select, input")].map((one) => [one.name, one.value]);
  const zone = Intl.DateTimeFormat().resolvedOptions().timeZone;
  return { about: place.dataset.hear, zone, ...Object.fromEntries(chosen) };
}

function letter(one) {
  const isNew = one.number > place.before;
  return el(
    "li",
    { class: isNew ? "update new" : "update" },
    el("p", { class: "meta" }, one.when, isNew ? ` · ${place.dataset.new}` : null),
    words(one.text),
    one.words ? words(one.words) : null,
  );
}

function draw() {
  const follows = kept.get(TOKEN) !== null;
  place.querySelector("[data-begin]").hidden = follows;
  place.querySelector("[data-follows]").hidden = !follows;
  place.querySelector("ol").replaceChildren(...letters.map(letter));
  place.querySelector("[data-none]").hidden = letters.length > 0;
  document.title = unread() ? `(${unread()}) ${title}` : title;
}

/** Once it is looked at it is no news; the mark stays until the page is left. */
function look() {
  if (document.visibilityState === "visible" && letters.length) {
    kept.set(SEEN, Math.max(kept.get(SEEN) ?? 0, letters[0].number));
  }
}

function forget() {
  kept.set(TOKEN, null);
  kept.set(SEEN, null);
  begin();
}

async function read() {
  const response = await fetch("/status/here", { headers: headers() }).catch(() => null);
  if (response?.status === 404) return forget();
  if (!response?.ok) return;
  const found = await response.json();
  letters = found.letters;
  place.querySelector("[data-what]").replaceChildren(...found.what.map((one) => el("p", {}, one)));
  look();
  draw();
}

/** As whoever this browser is now; another window may have begun or ended it. */
function begin() {
  const token = kept.get(TOKEN);
  if (token !== held) {
    stop?.();
    [stop, letters, held] = [null, [], token];
  }
  place.before = kept.get(SEEN) ?? 0;
  draw();
  if (token === null || stop) return;
  const on = (event, data) => {
    if (event === "ring") read();
    else if (event === "gone" && data?.status === 404) forget();
  };
  stop = follow({ url: () => "/status/here/live", headers, on });
}

async function press(button, work) {
  const error = place.querySelector(".error");
  button.disabled = true;
  error.hidden = true;
  try {
    const response = await work();
    const answer = await response.json();
    if (answer.outcome !== "done") throw new Error(answer.text);
    return answer;
  } catch (trouble) {
    error.textContent = trouble.message && !(trouble instanceof TypeError) ? trouble.message : document.body.dataset.lost;
    error.hidden = false;
    return null;
  } finally {
    button.disabled = false;
  }
}

if (place) {
  place.hidden = false;
  place.querySelector("[data-begin] button").addEventListener("click", async ({ currentTarget }) => {
    const answer = await press(currentTarget, () => send("/status/here", wish()));
    if (!answer) return;
    kept.set(TOKEN, answer.token);
    begin();
    place.querySelector("h2").focus();
  });
  place.querySelector("[data-follows] button").addEventListener("click", async ({ currentTarget }) => {
    if (!(await press(currentTarget, () => send("/status/here/end", {})))) return;
    forget();
    place.querySelector("[data-begin] button").focus();
  });
  document.addEventListener("visibilitychange", () => {
    look();
    draw();
  });
  // Another window of this browser follows, or stops, or has been looked at.
  addEventListener("storage", ({ key }) => key?.startsWith("muster.page") && begin());
  begin();
}
