// Keyboard shortcuts of the desk: never while somebody writes, and only while they are wanted.

const OFF = "muster-keys-off";
const dialog = document.querySelector("dialog.keys");
const wanted = dialog?.querySelector("[data-keys-on]");

/** What this browser remembers; nothing where it may not. */
export function remembered(name) {
  try {
    return localStorage.getItem(name);
  } catch {
    return null;
  }
}

export function remember(name, value) {
  try {
    if (value === null) localStorage.removeItem(name);
    else localStorage.setItem(name, value);
  } catch {
    // It holds until the page is closed.
  }
}

const isWriting = (target) =>
  target.isContentEditable || target.matches?.("input, textarea, select, dialog *");

const lines = () =>
  [...document.querySelectorAll(".lines > [data-id]:not([hidden])")].filter((one) =>
    one.checkVisibility(),
  );

/** The next line or the one before; from nowhere the first. */
function step(by) {
  const all = lines();
  const at = all.findIndex((one) => one.contains(document.activeElement));
  const next = at < 0 ? all[0] : all[Math.min(Math.max(at + by, 0), all.length - 1)];
  next?.querySelector("a").focus();
}

function search(event) {
  const box = document.querySelector("input[name=q]");
  if (!box) return;
  event.preventDefault();
  box.focus();
  box.select();
}

function takeThis(take) {
  const line = document.activeElement?.closest(".lines > [data-kind=incident]");
  if (line) take(line.dataset.id);
  else document.querySelector("form[action='/do/take_incident'] button")?.click();
}

/** Listen; `take(incident)` takes the one whose line has the focus. */
export function keys({ take }) {
  if (!dialog) return;
  const does = {
    j: () => step(1),
    k: () => step(-1),
    t: () => takeThis(take),
    "/": search,
    "?": () => dialog.showModal(),
  };
  document.querySelector("[data-tools]").hidden = false;
  document.querySelector("[data-keys]").addEventListener("click", () => dialog.showModal());
  wanted.checked = remembered(OFF) === null;
  wanted.addEventListener("change", () => remember(OFF, wanted.checked ? null : "yes"));
  document.addEventListener("keydown", (event) => {
    const isPlain = !event.ctrlKey && !event.metaKey && !event.altKey && !event.repeat;
    if (!wanted.checked || !isPlain || dialog.open || isWriting(event.target)) return;
    does[event.key]?.(event);
  });
}
