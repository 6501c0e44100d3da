// What keeps people safe stays on the screen: new advice is shown and not scrolled away, and the
// emergency number can be tapped for as long as danger stands.
import { el } from "/static/dom.js";

const DIGITS = /[^+\d]/g;

/** `text` as a paragraph in which the numbers that help can be tapped. */
export function advice(text, numbers) {
  const link = (one) => el("a", { href: `tel:${one.replace(DIGITS, "")}`, target: "_top" }, one);
  const any = numbers.map(escaped).join("|");
  const parts = text.split(new RegExp(`(?<![\\w-])(${any})(?![\\w-])`));
  const made = parts.map((part, index) => (index % 2 ? link(part) : part));
  return el("p", { dir: "auto" }, made);
}

const escaped = (text) => text.replace(/[.*+?^${}()|[\]\\]/g, "\\$&");

export class Vital {
  /** `card` is the advice that "I need help now" opens, `log` the lines with the house's own. */
  constructor({ card, log, call }) {
    Object.assign(this, { card, log, call });
    this.unread = null;
    this.known = null;
  }

  /** The person did something else, so what was shown has been read. */
  read() {
    this.unread = null;
  }

  /** The advice beside the button, at once and without the server. */
  open() {
    this.card.hidden = false;
    this.unread = () => this.card;
    this.show();
  }

  /** Of all `letters` so far, show the first that is vital and new; none is at the beginning. */
  look(letters) {
    const last = letters.at(-1)?.number ?? 0;
    const fresh = letters.find((one) => one.pressing && one.number > (this.known ?? last));
    this.known = last;
    if (!fresh || this.unread) return;
    const key = `l${fresh.number}`;
    this.unread = () => [...this.log.children].find((one) => one.key === key);
    this.show();
  }

  /** Bring what has not been read to the top; false when there is nothing. */
  show() {
    const node = this.unread?.();
    node?.scrollIntoView({ block: "start" });
    return Boolean(node);
  }

  /** It was read, or opened by mistake. */
  close() {
    this.card.hidden = true;
    this.unread = null;
  }

  /** While danger stands the way to the emergency number is there, beside the one to all help. */
  stand(danger) {
    this.call.hidden = !danger && this.card.hidden;
  }
}
