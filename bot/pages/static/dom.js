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
