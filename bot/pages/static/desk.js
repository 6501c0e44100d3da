// Pages of the staff and the status page: forms that answer in place, and views that stay true.
import { called, rang } from "/static/alerts.js";
import { calmly } from "/static/calm.js";
import { keys } from "/static/keys.js";
import { follow, fresh } from "/static/stream.js";
import "/static/fill.js";
import { Hint, Typing } from "/static/typing.js";

// --- forms -------------------------------------------------------------------------------------

const toast = document.createElement("p");
toast.className = "toast";
toast.setAttribute("role", "status");
toast.hidden = true;
document.body.append(toast);
let fading;

function say(text) {
  toast.textContent = text;
  toast.hidden = !text;
  clearTimeout(fading);
  fading = setTimeout(() => (toast.hidden = true), Math.max(5000, 100 * text.length));
}

function answerOf(form, text, kind) {
  // What others did in the meantime may have taken the form away; the answer must not go with it.
  const place = form.isConnected && form.querySelector(".answer");
  if (!place) return say(text);
  place.textContent = text;
  place.className = `answer ${kind}`;
}

/** The fields of a form, and the button that was pressed. The number stays until they change. */
function payload(form, button) {
  const fields = Object.fromEntries(new FormData(form, button));
  delete fields.id;
  delete fields.next;
  const content = JSON.stringify(fields);
  if (form.sent?.content !== content) form.sent = { content, id: fresh() };
  return { ...fields, id: form.sent.id };
}

const actionOf = (form, button) =>
  button?.hasAttribute("formaction") ? button.formAction : form.action;

async function asked(form, button, proof = {}) {
  const response = await fetch(actionOf(form, button), {
    method: "POST",
    headers: { "content-type": "application/json", accept: "application/json" },
    body: JSON.stringify({ ...payload(form, button), ...proof }),
  });
  return response.json();
}

async function send(form, button) {
  if (form.ariaBusy) return;
  form.ariaBusy = "true";
  answerOf(form, "", "");
  try {
    let answer = await asked(form, button);
    if (answer.code === "prove") {
      const { prove } = await import("/static/prove.js");
      answer = await prove((proof) => asked(form, button, proof), answer.text);
    }
    if (answer?.outcome === "done") done(form, answer);
    else if (answer) refused(form, answer);
  } catch {
    answerOf(form, document.body.dataset.lost, "error");
  } finally {
    form.ariaBusy = null;
  }
}

/** Whoever was told that somebody else was first may mean it all the same, the next time. */
function refused(form, answer) {
  if (answer.code === "overtaken") form.querySelector("[name=before]")?.remove();
  answerOf(form, answer.text, "error");
}

function done(form, answer) {
  form.sent = undefined;
  form.reset();
  if (form.dataset.go) return location.assign(form.dataset.go + answer.reference);
  if (form.dataset.to) return location.assign(form.dataset.to);
  form.closest("[data-kept]")?.remove();
  const details = form.closest("details");
  if (details) {
    details.open = false;
    details.querySelector("summary")?.focus();
  }
  say(answer.text);
}

document.addEventListener("said", (event) => say(event.detail));
document.addEventListener("submit", (event) => {
  const form = event.target;
  if (!new URL(actionOf(form, event.submitter)).pathname.startsWith("/do/")) return;
  event.preventDefault();
  send(form, event.submitter);
});

// The first field is ready to be written in, and Escape closes without losing anything.
document.addEventListener(
  "toggle",
  (event) => {
    if (event.target.matches?.("details.action[open]")) {
      event.target.querySelector("textarea, select, input:not([type=hidden])")?.focus();
    }
  },
  true,
);
document.addEventListener("keydown", (event) => {
  const open = event.key === "Escape" && event.target.closest?.("details.action[open]");
  if (open) {
    open.open = false;
    open.querySelector("summary").focus();
  }
});

// --- views -------------------------------------------------------------------------------------

export const parse = (html) => new DOMParser().parseFromString(html, "text/html").body;
const isDirty = (form) =>
  [...form.elements].some((one) =>
    one.type === "radio" || one.type === "checkbox"
      ? one.checked !== one.defaultChecked
      : one.tagName === "SELECT"
        ? one.selectedIndex !== Math.max(0, [...one.options].findIndex((it) => it.defaultSelected))
        : one.type !== "hidden" && "defaultValue" in one && one.value !== one.defaultValue,
  );
const isWritable = (form) =>
  [...form.elements].some((one) => one.tagName !== "BUTTON" && one.type !== "hidden");
const isBusy = (form) =>
  isDirty(form) ||
  (isWritable(form) && form.contains(document.activeElement)) ||
  Boolean(form.querySelector(".answer")?.textContent);

/** What a form says besides its number. */
function stated(form) {
  const fields = new FormData(form);
  fields.delete("id");
  return JSON.stringify([...fields]);
}

/** A mere button that by now does something else: what it was pressed for has come about. */
const isOver = (form, twin) => !isWritable(form) && stated(form) !== stated(twin);

/** A form whose place is gone, with its words: until it is sent. */
function kept(form) {
  const whole = form.closest("details") ?? form;
  whole.dataset.kept = "";
  return whole;
}

/** Put what is being written into the new view, so that nothing of it is lost. */
function carryOver(before, after) {
  for (const details of before.querySelectorAll("details[open][data-key]")) {
    const twin = after.querySelector(`details[data-key="${CSS.escape(details.dataset.key)}"]`);
    if (twin) twin.open = true;
  }
  for (const form of before.querySelectorAll("form[data-key]")) {
    if (!isBusy(form)) continue;
    const twin = after.querySelector(`form[data-key="${CSS.escape(form.dataset.key)}"]`);
    if (twin && isOver(form, twin)) continue;
    if (twin) twin.replaceWith(form);
    else if (isDirty(form)) after.append(kept(form));
  }
}

const shown = new WeakMap();

function swap(region, next) {
  const html = next.outerHTML.replace(/name="id" value="[^"]*"/g, "");
  if (shown.get(region) === html) return;
  const focused = region.contains(document.activeElement) ? document.activeElement : null;
  const list = region.querySelector(".messages");
  const atEnd = !list || list.scrollTop + list.clientHeight > list.scrollHeight - 40;
  carryOver(region, next);
  region.replaceWith(next);
  shown.set(next, html);
  if (focused?.isConnected) focused.focus();
  else if (focused) refocus(next, focused);
  const fresh = next.querySelector(".messages");
  if (fresh && atEnd) fresh.scrollTop = fresh.scrollHeight;
}

/** The same control in the new view, when it is still there. */
function refocus(next, focused) {
  const key = focused.closest("[data-key]")?.dataset.key;
  const twin = key && next.querySelector(`[data-key="${CSS.escape(key)}"]`);
  (twin?.querySelector("summary, button") ?? document.getElementById("main")).focus();
}

function show(root, html) {
  const next = parse(html);
  const named = [...next.querySelectorAll("[data-region]")];
  const old = new Map([...root.querySelectorAll("[data-region]")].map((one) => [one.dataset.region, one]));
  const same = named.length === old.size && named.every((one) => old.has(one.dataset.region));
  if (same) named.forEach((one) => swap(old.get(one.dataset.region), one));
  else {
    carryOver(root, next);
    root.replaceChildren(...next.childNodes);
  }
  tick();
  look();
}

// --- the board ---------------------------------------------------------------------------------

const made = new WeakMap();

function lineOf(html) {
  const line = parse(html).firstElementChild;
  made.set(line, html);
  return line;
}

const linesOf = (kind) => document.querySelector(`[data-lines="${kind}"]`);
const lineWith = (id) => document.querySelector(`[data-lines] > [data-id="${CSS.escape(id)}"]`);

function place(lines, line) {
  const after = [...lines.children].find((one) => one.dataset.order > line.dataset.order);
  lines.insertBefore(line, after ?? null);
}

function putLine({ id, html }) {
  const old = lineWith(id);
  if (old && made.get(old) === html) return;
  const focused = old?.contains(document.activeElement);
  old?.remove();
  if (html) {
    const next = lineOf(html);
    next.classList.add("fresh");
    place(linesOf(next.dataset.kind), next);
    sift();
    if (focused) next.querySelector("a").focus();
  }
  sift();
}

function putBoard({ cards, unfinished }) {
  const focused = document.activeElement?.closest("[data-lines] > [data-id]")?.dataset.id;
  for (const [kind, htmls] of Object.entries({ incident: cards, report: unfinished })) {
    const lines = linesOf(kind);
    const same = lines.childElementCount === htmls.length &&
      htmls.every((html, index) => made.get(lines.children[index]) === html);
    if (!same) lines.replaceChildren(...htmls.map(lineOf));
  }
  sift();
  if (focused) lineWith(focused)?.querySelector("a").focus();
}

/** The views in which a line stands for whoever looks. */
const viewsOf = (line, me) => {
  const views = line.dataset.in.split(" ");
  return views.includes("all") && line.dataset.owner === me ? [...views, "mine"] : views;
};

/** Show what the address asks for, and count what stands in each view. */
function sift() {
  const { viewOf, me, sort, category, priority } = root.dataset;
  const wanted = viewOf === "all" ? ["all", "unfinished"] : [viewOf];
  const counts = {}, others = {};
  let pressing = 0;
  for (const line of document.querySelectorAll("[data-lines] > [data-id]")) {
    const views = viewsOf(line, me);
    // Incidents are counted alone; what came in beside them stands apart.
    const into = ["", sort || "incident"].includes(line.dataset.sort) ? counts : others;
    for (const view of views) into[view] = (into[view] ?? 0) + 1;
    pressing += views.some((one) => ["triage", "breaching", "waiting"].includes(one));
    line.hidden = !wanted.some((one) => views.includes(one)) ||
      !["", line.dataset.sort].includes(sort) ||
      !["", line.dataset.category].includes(category) ||
      !["", line.dataset.priority].includes(priority);
  }
  for (const count of document.querySelectorAll("[data-count]")) {
    count.textContent = counts[count.dataset.count] ?? 0;
  }
  for (const count of document.querySelectorAll("[data-others]")) {
    const more = others[count.dataset.others] ?? 0;
    count.textContent = more && !sort ? `+${more}` : "";
  }
  document.title = document.title.replace(/^(\(\d+\) )?/, pressing ? `(${pressing}) ` : "");
  tick();
}

document.querySelector("form[data-sieve]")?.addEventListener("change", (event) => {
  if (event.target.tagName === "SELECT") event.currentTarget.requestSubmit();
});

/** Take an incident by its line on the board. */
async function take(incident) {
  try {
    const response = await fetch("/do/take_incident", {
      method: "POST",
      headers: { "content-type": "application/json", accept: "application/json" },
      body: JSON.stringify({ id: fresh(), incident }),
    });
    say((await response.json()).text);
  } catch {
    say(document.body.dataset.lost);
  }
}

keys({ take });

// --- what is seen, and the time that is left ---------------------------------------------------

const told = new Set();

/** A customer's messages that are on the screen count as seen. */
function look() {
  if (document.visibilityState !== "visible") return;
  for (const talk of document.querySelectorAll("[data-seen]")) {
    const { seen, through } = talk.dataset;
    if (told.has(`${seen} ${through}`)) continue;
    told.add(`${seen} ${through}`);
    fetch("/do/mark_seen", {
      method: "POST",
      headers: { "content-type": "application/json", accept: "application/json" },
      body: JSON.stringify({ id: fresh(), report: seen, through: Number(through) }),
    }).catch(() => told.delete(`${seen} ${through}`));
  }
}

const writing = new Map();

// Whose customer sees that an answer is being written.
document.addEventListener("input", (event) => {
  const report = event.target.closest("form[data-typing]")?.dataset.typing;
  if (!report || !event.target.value) return;
  const said = { method: "POST", headers: { "content-type": "application/json" } };
  const send = () => fetch("/desk/typing", { ...said, body: JSON.stringify({ report }) });
  if (!writing.has(report)) writing.set(report, new Typing(send));
  writing.get(report).tell();
});

function customerWrites({ reference }) {
  const place = document.querySelector(`[data-writes="${CSS.escape(reference)}"]`);
  if (!place) return;
  place.hint ??= new Hint(place);
  place.hint.show();
}

const relative = new Intl.RelativeTimeFormat(document.documentElement.lang, { style: "short" });

function tick() {
  for (const time of document.querySelectorAll("time[data-tick]")) {
    const minutes = Math.round((new Date(time.dateTime) - Date.now()) / 60_000);
    const near = Math.abs(minutes) < 60 ? [minutes, "minute"] : [Math.round(minutes / 60), "hour"];
    time.title = Math.abs(minutes) < 48 * 60 ? relative.format(...near) : "";
    time.dataset.left = time.title;
  }
}

// --- how the house is, and what one is called to -----------------------------------------------

const notices = document.querySelector("[data-notices]");
const bands = document.querySelector("[data-majors]");

function putNotices(html) {
  if (!notices) return;
  notices.replaceChildren(...parse(html).childNodes);
  callUp();
}

/** A call that this browser has not sounded yet. */
function callUp() {
  const list = notices?.querySelector("[data-calls]");
  if (list) called(Number(list.dataset.calls), list.dataset.call, Boolean(list.querySelector(".stands")));
}

notices?.addEventListener("click", (event) => {
  const through = event.target.closest("[data-saw]")?.dataset.saw;
  if (!through) return;
  const headers = { "content-type": "application/json", accept: "application/json" };
  fetch("/desk/calls/seen", { method: "POST", headers, body: JSON.stringify({ through }) });
  for (const one of notices.querySelectorAll(".calls li:not(.stands)")) one.remove();
  if (!notices.querySelector(".calls li")) notices.querySelector(".calls").remove();
});

// --- live --------------------------------------------------------------------------------------

const root = document.querySelector("[data-live]");
const net = document.querySelector(".net[data-net]");

/** What was open is for few people now: the board says so, instead of a page that is not there. */
function left(data) {
  if (data?.left || data?.status === 404) location.replace("/desk?left=1");
  else location.reload();
}

function on(event, data) {
  if (event === "view") calmly(() => show(root, data.html));
  else if (event === "board") calmly(() => putBoard(data));
  else if (event === "line") calmly(() => putLine(data));
  else if (event === "typing") customerWrites(data);
  else if (event === "ring") rang(data.why);
  else if (event === "notices") calmly(() => putNotices(data.html));
  else if (event === "majors") calmly(() => bands?.replaceChildren(...parse(data.html).childNodes));
  else if (event === "gone") left(data);
}

callUp();
if (root) {
  for (const region of root.querySelectorAll("[data-region]")) {
    shown.set(region, region.outerHTML.replace(/name="id" value="[^"]*"/g, ""));
  }
  for (const list of document.querySelectorAll(".messages")) list.scrollTop = list.scrollHeight;
  follow({
    url: () => root.dataset.live,
    on,
    net: (isUp) => (net.textContent = isUp ? "" : net.dataset.net),
  });
  document.addEventListener("visibilitychange", look);
  setInterval(tick, 20_000);
  tick();
  look();
}
