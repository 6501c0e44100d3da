// That somebody is writing: told now and then, shown for a moment, kept nowhere.
import { calmly } from "/static/calm.js";

const EVERY = 4_500;
const SHOWN = 6_000;

/** `send()` says it to the other side; it may be asked for with every key. */
export class Typing {
  constructor(send) {
    this.send = send;
    this.at = -EVERY;
  }

  tell() {
    if (performance.now() - this.at < EVERY) return;
    this.at = performance.now();
    // Lost, it is no loss.
    Promise.resolve(this.send()).catch(() => {});
  }
}

/** The line that says so of the other side. */
export class Hint {
  constructor(place) {
    this.place = place;
  }

  show() {
    clearTimeout(this.timer);
    calmly(() => (this.place.hidden = false));
    this.timer = setTimeout(() => this.hide(), SHOWN);
  }

  hide() {
    calmly(() => (this.place.hidden = true));
  }
}
