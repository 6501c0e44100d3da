// Photos and files in the chat: chosen, looked at, taken out again, sent one after the other, and
// shown once they are there. Nothing of them is kept in the browser: what is not sent when the page
// is left has to be chosen again.
import { el, kept } from "/static/dom.js";
import { fresh } from "/static/stream.js";

const TYPES = "image/jpeg,image/png,image/webp,image/gif,application/pdf,text/plain,.txt";
const SHOWN = ["image/jpeg", "image/png", "image/webp", "image/gif"];
const MEGA = 1_000_000;

const who = () => ({ "x-muster-visitor": kept.get("visitor") ?? "" });
const sized = (t, bytes) =>
  bytes < MEGA
    ? fill(t.kilo, { n: Math.max(1, Math.round(bytes / 1000)) })
    : fill(t.mega, { n: (bytes / MEGA).toFixed(1) });
const fill = (text, values) => text.replace(/\{(\w+)\}/g, (all, name) => values[name] ?? all);

// --- shown once it is there --------------------------------------------------------------------

const opened = new Map();

/** The bytes under an address of this page alone: they are asked for with the header. */
function bytesOf(file) {
  if (!opened.has(file)) {
    const asked = fetch(`/chat/file/${file}`, { headers: who(), cache: "no-store" }).then((found) => {
      if (!found.ok) throw new Error(found.status);
      return found.blob();
    });
    const made = asked.then((blob) => URL.createObjectURL(blob));
    made.catch(() => opened.delete(file));
    opened.set(file, made);
  }
  return opened.get(file);
}

/** Somebody else is here now. */
export function forgetFiles() {
  for (const one of opened.values()) one.then(URL.revokeObjectURL, () => {});
  opened.clear();
}

async function save(one) {
  el("a", { href: await bytesOf(one.file), download: one.name }).click();
}

/** A file of the conversation: a picture to look at, anything else to be saved. */
export function shownFile(t, one) {
  if (one.name === null) return el("p", {}, t.erased);
  const name = el("bdi", { dir: "auto" }, one.name);
  const trouble = el("span", { class: "answer error", role: "alert" });
  const failed = () => (trouble.textContent = t.trouble);
  if (!one.picture) {
    const get = el("button", { type: "button", onclick: () => save(one).catch(failed) }, name);
    return el("p", { class: "sent-file" }, get, el("span", { class: "meta" }, one.size), trouble);
  }
  const image = el("img", { alt: one.name, width: one.width, height: one.height });
  bytesOf(one.file).then((href) => image.setAttribute("src", href), failed);
  const caption = el("figcaption", { class: "meta" }, name, ` · ${one.size}`);
  return el("figure", { class: "sent-file" }, image, caption, trouble);
}

// --- chosen and sent ---------------------------------------------------------------------------

/** Sends one; resolves to the server's answer, to null when it may be tried again. */
function upload(item, field, language, progress) {
  return new Promise((resolve) => {
    const request = new XMLHttpRequest();
    item.stop = () => request.abort();
    request.open("POST", `/chat/file?lang=${language}`);
    request.setRequestHeader("accept", "application/json");
    request.setRequestHeader("content-type", "application/octet-stream");
    request.setRequestHeader("x-muster-visitor", who()["x-muster-visitor"]);
    request.setRequestHeader("x-muster-press", item.press);
    request.setRequestHeader("x-muster-name", encodeURIComponent(item.name));
    request.setRequestHeader("x-muster-field", encodeURIComponent(field));
    request.upload.addEventListener("progress", ({ loaded, total }) => progress(loaded / total));
    request.addEventListener("loadend", () => {
      try {
        const answer = JSON.parse(request.responseText);
        const again = [408, 429].includes(request.status) || request.status >= 500;
        resolve({ ...answer, again });
      } catch {
        resolve({ outcome: "failed", again: true });
      }
    });
    request.send(item.file);
  });
}

/** What stands ready to be sent, for the conversation (`field` is "") or for one question. */
class Tray {
  constructor({ t, language, most, changed }, field, given) {
    Object.assign(this, { t, language, most, changed, field });
    this.items = given.map((one) => ({ name: one.name ?? t.erased, id: one.file, size: one.size, state: "sent" }));
    this.input = this.picker({ multiple: true, accept: TYPES });
    // Phones that offer files and pictures in one place do not always offer the camera there.
    this.lens = this.picker({ accept: "image/jpeg", capture: "environment" });
    const camera = matchMedia("(pointer: coarse)").matches;
    this.list = el("ul", { class: "tray-items" });
    this.said = el("p", { class: "visually-hidden", role: "status" });
    const hint = `files-${field || "talk"}`;
    this.add = el(
      "button",
      { type: "button", "aria-describedby": hint, onclick: () => this.input.click() },
      t.file_add,
    );
    const photo = el("button", { type: "button", "aria-describedby": hint, onclick: () => this.lens.click() }, t.file_camera);
    this.hint = el("span", { class: "muted small", id: hint }, t.file_hint);
    this.node = el(
      "div",
      { class: "tray" },
      this.list,
      el("div", { class: "row" }, camera && photo, this.add, this.hint),
      this.input,
      this.lens,
      this.said,
    );
    this.items.forEach((one) => this.show(one));
  }

  /** Something has been chosen and has not arrived. */
  get waiting() {
    return this.items.some((one) => one.state !== "sent");
  }

  picker(how) {
    const input = el("input", { type: "file", hidden: true, ...how });
    input.addEventListener("change", () => {
      this.take(input.files);
      input.value = "";
      this.add.focus();
    });
    return input;
  }

  /** Something was pasted: files of it stand ready, words go where they always go. */
  paste(event) {
    if (!event.clipboardData?.files.length) return;
    event.preventDefault();
    this.take(event.clipboardData.files);
  }

  take(files) {
    for (const file of files) {
      const item = { file, name: file.name, size: sized(this.t, file.size), press: fresh(), state: "ready" };
      if (file.size > this.most) Object.assign(item, { state: "refused", why: this.t.file_large });
      this.items.push(item);
      this.show(item);
    }
  }

  /** Draw the line of an item; only what changes in it is touched afterwards. */
  show(item) {
    const { t } = this;
    const preview = SHOWN.includes(item.file?.type);
    if (preview) item.href = URL.createObjectURL(item.file);
    item.bar = el("progress", { max: 1, value: 0, hidden: true, "aria-label": `${t.sending}: ${item.name}` });
    item.note = el("span", { class: "note small" });
    item.retry = el("button", { type: "button", hidden: true, onclick: () => this.again(item) }, t.retry);
    item.drop = el(
      "button",
      { type: "button", class: "quiet", "aria-label": `${t.file_remove}: ${item.name}`, onclick: () => this.remove(item) },
      t.file_remove,
    );
    item.node = el(
      "li",
      {},
      preview ? el("img", { src: item.href, alt: "", width: 48, height: 48 }) : el("span", { class: "sheet", "aria-hidden": "true" }),
      el(
        "div",
        { class: "what" },
        el("bdi", { dir: "auto" }, item.name),
        el("span", { class: "muted small" }, item.size),
        item.bar,
        item.note,
      ),
      item.retry,
      item.drop,
    );
    this.list.append(item.node);
    this.mark(item, item.state, item.why ?? "");
  }

  mark(item, state, why = "") {
    Object.assign(item, { state, why });
    const text = { sent: this.t.sent, sending: this.t.sending, failed: why || this.t.failed, refused: why }[state];
    item.note.textContent = text ?? "";
    item.note.className = `note small ${state === "failed" || state === "refused" ? "error" : ""}`;
    item.bar.hidden = state !== "sending";
    item.retry.hidden = state !== "failed";
    // What was sent is there; saying that it was taken out again would not be true.
    item.drop.hidden = state === "sent";
    if (text && state !== "sending") this.said.textContent = `${item.name}: ${text}`;
  }

  remove(item) {
    this.items = this.items.filter((one) => one !== item);
    item.stop?.();
    if (item.href) URL.revokeObjectURL(item.href);
    item.node.remove();
    this.said.textContent = fill(this.t.file_removed, { name: item.name });
    this.add.focus();
  }

  async again(item) {
    item.state = "ready";
    this.add.focus();
    await this.send();
  }

  /** Send what is ready or did not arrive before, one after the other; the ids of all, null when one did not arrive. */
  async send() {
    for (const one of this.items) if (one.state === "failed") one.state = "ready";
    for (;;) {
      const item = this.items.find((one) => one.state === "ready");
      if (!item) break;
      await this.one(item);
    }
    const bad = this.items.some((one) => one.state !== "sent");
    return bad ? null : this.items.map((one) => one.id);
  }

  async one(item) {
    this.mark(item, "sending");
    const answer = await upload(item, this.field, this.language, (share) => (item.bar.value = share));
    item.stop = null;
    if (!this.items.includes(item)) return;
    if (answer.outcome === "done") {
      item.id = answer.file;
      this.mark(item, "sent");
      // In the conversation it stands where it belongs now.
      if (!this.field) this.settle(item);
      this.changed();
    } else this.mark(item, answer.again ? "failed" : "refused", answer.text);
  }

  settle(item) {
    this.items = this.items.filter((one) => one !== item);
    if (item.href) URL.revokeObjectURL(item.href);
    item.node.remove();
  }
}

/** The trays of a page; `changed()` is called when a file has arrived. */
export class Trays {
  constructor(house) {
    this.house = house;
    this.trays = new Map();
    addEventListener("beforeunload", (event) => {
      const sending = [...this.trays.values()].some((one) => one.items.some((it) => it.state === "sending"));
      if (sending) event.preventDefault();
    });
  }

  /** The tray for `field`; `given` are the files that it was answered with before. */
  of(field, given = []) {
    const old = this.trays.get(field);
    if (old && (!field || old.waiting)) return old;
    const made = new Tray(this.house, field, given);
    this.trays.set(field, made);
    return made;
  }

  clear() {
    this.trays.clear();
    forgetFiles();
  }
}
