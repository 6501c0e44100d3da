// Elements from data. Words of people only ever become text.

/** An element: properties (`class`, `on...`, `aria-...`, others as attributes) and children. */
export function el(name, properties = {}, ...children) {
  const made = document.createElement(name);
  for (const [key, value] of Object.entries(properties)) {
    if (value === undefined || value === null || value === false) continue;
    if (key.startsWith("on")) made.addEventListener(key.slice(2), value);
    else if (key === "value") made.value = value;
    else made.setAttribute(key, value === true ? "" : value);
  }
  made.append(...children.flat().filter((one) => one !== undefined && one !== null && one !== false));
  return made;
}

/** A paragraph of somebody's words: as text, in the direction that they are written in. */
export const words = (text, kind = "") => el("p", { class: kind || undefined, dir: "auto" }, text);

/** What is kept in this browser; in memory alone where it keeps nothing. */
export const kept = {
  memory: new Map(),
  get(name) {
    try {
      return JSON.parse(localStorage.getItem(`muster.${name}`) ?? "null");
    } catch {
      return this.memory.get(name) ?? null;
    }
  },
  set(name, value) {
    this.memory.set(name, value);
    try {
      if (value === null) localStorage.removeItem(`muster.${name}`);
      else localStorage.setItem(`muster.${name}`, JSON.stringify(value));
    } catch {
      // Private windows may refuse; the conversation then lasts as long as the page.
    }
  },
};

const OWN_WORDS = ".card > .field > textarea";

/**
 * What somebody writes in `place` while others change what stands there; called afterwards, what
 * is returned lets them go on where they were. `kind`: what stands there next.
 */
export function writing(place, kind) {
  const words = place.kind === kind ? place.querySelector(OWN_WORDS)?.value : "";
  place.kind = kind;
  const old = document.activeElement;
  const boxes = place.contains(old) ? [".write textarea", OWN_WORDS] : [];
  const box = boxes.find((one) => old.matches(one));
  const caret = box && [old.selectionStart, old.selectionEnd];
  return () => {
    const own = place.querySelector(OWN_WORDS);
    if (words && own) own.value = words;
    const made = box && place.querySelector(box);
    made?.focus({ preventScroll: true });
    made?.setSelectionRange(...caret);
  };
}
