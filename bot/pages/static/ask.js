// One question of the guided report as a form: the control that fits its type, and its answer.
import { el, kept } from "/static/dom.js";

const INPUTS = {
  number: { type: "text", inputmode: "decimal" },
  email: { type: "email", autocomplete: "email" },
  phone: { type: "tel", autocomplete: "tel" },
  date: { type: "date" },
  time: { type: "time" },
  text: { type: "text" },
  person: { type: "text" },
  location: { type: "text", autocomplete: "street-address" },
};

const draftName = (question) => `draft.${question.key}`;

/** Forget what was typed but not sent. */
export const forget = (question) => kept.set(draftName(question), null);

function typed(question, raw) {
  const draft = kept.get(draftName(question));
  if (draft !== null) return draft;
  if (raw && typeof raw === "object" && !Array.isArray(raw)) return raw.text ?? "";
  return raw ?? "";
}

function box(question, raw, describedBy) {
  const shared = {
    name: "value",
    dir: "auto",
    "aria-describedby": describedBy,
    "aria-labelledby": "question",
    value: String(typed(question, raw)),
    oninput: (event) => kept.set(draftName(question), event.target.value),
  };
  return question.type === "long_text"
    ? el("textarea", { ...shared, rows: 4 })
    : el("input", { ...shared, ...(INPUTS[question.type] ?? INPUTS.text) });
}

function choices(question, raw, answer) {
  const options = question.choices.map((one) =>
    el(
      "button",
      {
        type: "button",
        class: "big",
        "aria-pressed": raw === undefined ? undefined : String(one.value === raw),
        onclick: () => answer(one.value),
      },
      el("span", { dir: "auto" }, one.label),
      one.hint && el("small", { class: "muted hint", dir: "auto" }, one.hint),
    ),
  );
  return el("div", { class: "options" }, options);
}

/** What stands alone and everything else take each other's tick away. */
function parted(ticked, { choices }) {
  if (!ticked.checked) return;
  const alone = new Set(choices.filter((one) => one.alone).map((one) => one.value));
  for (const other of ticked.form.querySelectorAll("input[type=checkbox]")) {
    const together = other === ticked || !(alone.has(ticked.value) || alone.has(other.value));
    if (!together) other.checked = false;
  }
}

function boxes(question, raw) {
  const taken = Array.isArray(raw) ? raw : [];
  const options = question.choices.map((one) =>
    el(
      "label",
      {},
      el("input", {
        type: "checkbox",
        name: "value",
        value: one.value,
        checked: taken.includes(one.value),
        onchange: (event) => parted(event.target, question),
      }),
      el("span", { dir: "auto" }, one.label),
    ),
  );
  return el("div", { class: "options" }, options);
}

function locator(t, found, say) {
  if (!navigator.geolocation || !isSecureContext) return null;
  const ask = () =>
    navigator.geolocation.getCurrentPosition(
      ({ coords }) => {
        found({ lat: coords.latitude, lon: coords.longitude });
        say(t.location_found, "done");
      },
      () => say(t.location_failed, "error"),
      { timeout: 10_000, maximumAge: 60_000 },
    );
  return el("button", { type: "button", onclick: ask }, t.location);
}

/**
 * The form for `question`. `raw` is the answer to be changed, undefined for a new one;
 * `tray` holds the files of one that asks for some, `answer(value)` takes what was said, `tools` are more buttons below.
 */
export function questionForm({ t, question, raw, tray, step, answer, tools }) {
  const error = el("p", { class: "answer", id: "error", role: "alert" });
  const say = (text, kind) => {
    error.textContent = text;
    error.className = `answer ${kind}`;
    form.querySelector("input, textarea")?.toggleAttribute("aria-invalid", kind === "error");
  };
  let point = {};
  const help = question.help || (question.required ? "" : t.optional);
  const hint = help ? el("p", { class: "muted", id: "hint", dir: "auto" }, help) : null;
  const described = hint ? "hint error" : "error";
  const submit = el("button", { class: "primary" }, t.next);
  const kinds = {
    choice: () => [choices(question, raw, answer)],
    yes_no: () => [
      choices(
        { choices: [{ value: true, label: t.yes }, { value: false, label: t.no }] },
        raw,
        answer,
      ),
    ],
    multi_choice: () => [boxes(question, raw), submit],
    file: () => [tray.node, submit],
    location: () => [
      box(question, raw, described),
      el("div", { class: "row" }, submit, locator(t, (found) => (point = found), say)),
    ],
  };
  const control = kinds[question.type] ?? (() => [box(question, raw, described), submit]);
  /** Files go first; the answer names those that have arrived. */
  async function sent() {
    if (!tray.items.length) return form.refuse(t.file_none);
    submit.disabled = true;
    const ids = await tray.send();
    submit.disabled = false;
    if (ids?.length) answer(ids);
    else say(t.file_unsent, "error");
  }
  const form = el(
    "form",
    {
      class: "question",
      novalidate: true,
      oninput: () => error.classList.contains("error") && say("", ""),
      onsubmit: (event) => {
        event.preventDefault();
        if (tray) return void sent();
        const values = new FormData(form).getAll("value");
        if (question.type === "multi_choice") answer(values);
        else if (question.type === "location") answer({ text: values[0] ?? "", ...point });
        else answer(values[0] ?? "");
      },
    },
    el(
      "fieldset",
      { tabindex: "-1", class: "question" },
      el("legend", { id: "question", dir: "auto" }, question.label),
      hint,
      ...control(),
      error,
    ),
    el("div", { class: "row" }, tools, step && el("span", { class: "step muted small" }, step)),
  );
  form.refuse = (text) => {
    say(text, "error");
    form.querySelector("input:not([hidden]), textarea, .tray button")?.focus();
  };
  return form;
}
