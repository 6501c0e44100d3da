// What the customer did and the server has not answered yet: kept in this browser, sent in order,
// always under the same number, so that a repeat does no harm.
import { kept } from "/static/dom.js";
import { fresh } from "/static/stream.js";

const GIVE_UP = 5 * 60_000;
const LEAST = 500;
const MOST = 30_000;

export class Outbox {
  /**
   * `deliver(item)` resolves to the server's answer, or to null when it must be tried again.
   * `settled(item, answer)` is told each answer, `changed()` every change of the list.
   */
  constructor({ deliver, settled, changed }) {
    this.deliver = deliver;
    this.settled = settled;
    this.changed = changed;
    this.tries = 0;
    this.running = false;
    addEventListener("online", () => this.go());
    addEventListener("storage", () => changed());
  }

  get items() {
    return kept.get("outbox") ?? [];
  }

  set items(list) {
    kept.set("outbox", list.length ? list : null);
    this.changed();
  }

  /** Something other than words, which show it by themselves, waits since before `at`. */
  late(at) {
    const quiet = ["mark_seen", "write_message"];
    return this.items.some((one) => !one.failed && one.at < at && !quiet.includes(one.command.do));
  }

  /** `after` is what the page had seen when it was pressed. */
  add(command, after = 0) {
    const item = { id: fresh(), command, after, at: Date.now(), failed: false };
    this.items = [...this.items, item];
    this.go();
    return item;
  }

  retry(id) {
    this.items = this.items.map((one) =>
      one.id === id ? { ...one, failed: false, at: Date.now() } : one,
    );
    this.go();
  }

  drop(id) {
    this.items = this.items.filter((one) => one.id !== id);
  }

  /** Send what waits, one after the other; in several windows only one of them does. */
  async go() {
    clearTimeout(this.timer);
    if (this.running) return;
    this.running = true;
    try {
      await this.alone(() => this.run());
    } finally {
      this.running = false;
    }
  }

  /** Where nothing may be kept there may be no locks either, and no other window to mind. */
  async alone(run) {
    let began = false;
    const once = () => ((began = true), run());
    try {
      await navigator.locks.request("muster.outbox", once);
    } catch (trouble) {
      if (began) throw trouble;
      await run();
    }
  }

  async run() {
    for (;;) {
      const item = this.items.find((one) => !one.failed);
      if (!item) return;
      const answer = await this.deliver(item);
      if (answer) {
        this.tries = 0;
        this.drop(item.id);
        this.settled(item, answer);
      } else if (Date.now() - item.at > GIVE_UP) {
        this.items = this.items.map((one) => (one.id === item.id ? { ...one, failed: true } : one));
      } else {
        this.tries = Math.min(this.tries + 1, 6);
        const most = Math.min(MOST, LEAST * 2 ** this.tries);
        this.timer = setTimeout(() => this.go(), LEAST + Math.random() * most);
        return;
      }
    }
  }
}
