// What stands below the conversation: the question, the summary, the end, a box to write in.
import { forget, questionForm } from "/static/ask.js";
import { mailBack, wayBack } from "/static/back.js";
import { goingOn } from "/static/elsewhere.js";
import { el, kept } from "/static/dom.js";

const SOON = 3000;
const fill = (text, values) => text.replace(/\{(\w+)\}/g, (all, name) => values[name] ?? all);

/**
 * `app` is what the page knows, `trays` hold files to be sent, `mails` tells that mail can be sent.
 * `press(command)` does something, `write(words)` says something, `typing()` that one is about to,
 * `ask(path)` reads, `refresh()` looks again, `render()` shows anew, `tell(text)` is read out.
 */
export function stepsOf({ t, trays, app, language, mails, elsewhere, ways, ask, press, write, typing, refresh, render, tell }) {
  /** Buttons that are there at every step. */
  function tools(report, ...more) {
    const open = ["answering", "sent", "confirming"].includes(report.stage);
    return [
      ...more,
      report.asking &&
        el("button", { type: "button", class: "quiet", onclick: () => press({ do: "ask_for_person" }) }, t.person),
      open && !report.cared && stops("solved_itself", t.solved),
      report.asking && !report.cared && stops("cancelled", t.cancel),
    ];
  }

  /** A button that asks first whether it is meant. */
  function stops(why, text) {
    const begin = () => {
      app.stopping = why;
      app.acted = true;
      render();
    };
    return el("button", { type: "button", class: "quiet", onclick: begin }, text);
  }

  /** Where files for a question are chosen; it begins with those that were sent before. */
  function trayOf(report, question, raw) {
    if (question.type !== "file") return null;
    const ids = Array.isArray(raw) ? raw : [];
    return trays.of(question.key, report.files.filter((one) => ids.includes(one.file)));
  }

  function asking(report) {
    const { question } = report;
    const back =
      report.can_go_back &&
      el("button", { type: "button", class: "quiet", onclick: () => press({ do: "go_back" }) }, t.back);
    const skip =
      !question.required &&
      el(
        "button",
        { type: "button", class: "quiet", onclick: () => press({ do: "skip_question", field: question.key }) },
        t.skip,
      );
    return [
      questionForm({
        t,
        question,
        raw: question.raw ?? undefined,
        tray: trayOf(report, question, question.raw),
        step: fill(report.steps ? t.step : t.step_alone, report),
        answer: (value) => press({ do: "answer_question", field: question.key, value }),
        tools: tools(report, back, skip),
      }),
    ];
  }

  function editing(report) {
    const one = report.answers.find((it) => it.key === app.editing);
    const keep = () => {
      forget(one.question);
      app.editing = null;
      app.acted = true;
      render();
    };
    return [
      questionForm({
        t,
        question: one.question,
        raw: one.raw,
        tray: trayOf(report, one.question, one.raw),
        answer: (value) => press({ do: "answer_question", field: one.key, value }),
        tools: [el("button", { type: "button", class: "quiet", onclick: keep }, t.keep)],
      }),
    ];
  }

  function summary(report) {
    const change = (one) => () => {
      app.editing = one.key;
      app.acted = true;
      render();
    };
    const rows = report.answers.map((one) =>
      el(
        "div",
        {},
        el("dt", { dir: "auto" }, one.label),
        el("dd", { dir: "auto" }, one.erased ? t.erased : one.skipped ? t.skipped : one.shown),
        el(
          "dd",
          { class: "change" },
          el("button", { type: "button", "aria-label": `${t.change}: ${one.label}`, onclick: change(one) }, t.change),
        ),
      ),
    );
    return [
      el(
        "section",
        { class: "card" },
        el("h2", { tabindex: "-1" }, t.summary),
        el("p", { class: "muted" }, t.summary_hint),
        el("dl", { class: "summary" }, rows),
        !report.progress && report.expect && el("p", { class: "callout" }, report.expect),
        el("button", { type: "button", class: "primary big", onclick: () => press({ do: "confirm_summary" }) }, t.submit),
        el("div", { class: "row" }, tools(report)),
      ),
    ];
  }

  function stopping() {
    const why = app.stopping;
    const [sure, yes] = why === "cancelled" ? [t.cancel_sure, t.cancel_yes] : [t.solved_sure, t.solved_yes];
    const go = () => {
      app.stopping = "";
      app.acted = true;
      render();
    };
    return [
      el(
        "section",
        { class: "card" },
        el("h2", { tabindex: "-1" }, sure),
        el(
          "div",
          { class: "row" },
          el(
            "button",
            { type: "button", class: "primary", onclick: () => press({ do: "withdraw_report", why }) },
            yes,
          ),
          el("button", { type: "button", onclick: go }, t.go_on),
        ),
      ),
    ];
  }

  /** A box for words beside some buttons, each of which sends `command` and them. */
  function withWords(title, hint, label, buttons) {
    const box = el("textarea", { rows: 2, dir: "auto" });
    const made = buttons.map(([text, style, command]) =>
      el(
        "button",
        { type: "button", class: style, onclick: () => press({ ...command, words: box.value }) },
        text,
      ),
    );
    return el(
      "section",
      { class: "card" },
      el("h2", { tabindex: "-1" }, title),
      hint && el("p", { class: "muted" }, hint),
      el("label", { class: "field" }, el("span", {}, label), box),
      el("div", { class: buttons.length > 2 ? "scores" : "row" }, made),
    );
  }

  /** Whether the person is saying that it is not fixed. */
  const turn = (on) => () => {
    app.fixing = on;
    app.acted = true;
    render();
  };

  function fixed(report) {
    const yes = () => press({ do: "answer_fixed", fixed: true });
    return [
      el(
        "section",
        { class: "card" },
        el("h2", { tabindex: "-1" }, report.asked.whole),
        report.confirm_until &&
          el("p", { class: "muted" }, fill(t.fixed_until, { time: report.confirm_until })),
        el(
          "div",
          { class: "row" },
          el("button", { type: "button", class: "primary big", onclick: yes }, report.asked.yes),
          el("button", { type: "button", class: "big", onclick: turn(true) }, report.asked.no),
        ),
      ),
    ];
  }

  function unfixed() {
    const ways = [[t.reopen, "primary", { do: "answer_fixed", fixed: false }]];
    const card = withWords(t.fixed_no, null, t.fixed_words, ways);
    card.querySelector(".row").append(
      el("button", { type: "button", class: "quiet", onclick: turn(false) }, t.back),
    );
    return [card];
  }

  function rate(report) {
    if (report.rating) return [el("p", { class: "callout" }, fill(t.rated, { score: report.rating }))];
    const scores = [1, 2, 3, 4, 5].map((score) => [String(score), "big", { do: "rate_service", score }]);
    return [withWords(t.rate, t.rate_hint, t.rate_words, scores)];
  }

  /** The conversation as a file. It is asked for with the header, so a plain link would not do. */
  async function takeAway() {
    try {
      const response = await ask(`/chat/transcript?lang=${language}`);
      if (!response.ok) {
        tell((await response.json()).text || t.trouble);
        return;
      }
      const href = URL.createObjectURL(await response.blob());
      el("a", { href, download: `${app.report?.reference ?? "report"}.txt` }).click();
      tell("");
      setTimeout(() => URL.revokeObjectURL(href), SOON);
    } catch {
      tell(t.offline_short);
    }
  }

  /** What is below once the questions are over: a box to write, and ways on. */
  function after(report) {
    const box = el("textarea", {
      rows: 2,
      dir: "auto",
      "aria-describedby": "write-hint",
      value: kept.get("draft.message") ?? "",
      oninput: (event) => {
        kept.set("draft.message", event.target.value || null);
        typing();
      },
      onpaste: (event) => tray.paste(event),
      onkeydown: (event) => {
        if (event.key === "Enter" && !event.shiftKey && !event.isComposing) {
          event.preventDefault();
          form.requestSubmit();
        }
      },
    });
    const tray = trays.of("");
    const form = el(
      "form",
      {
        class: "write",
        onsubmit: (event) => {
          event.preventDefault();
          form.querySelector(".answer").textContent = "";
          tray.send();
          if (!box.value.trim()) return;
          write(box.value);
          box.value = "";
          kept.set("draft.message", null);
        },
      },
      el("label", { class: "field" }, el("span", {}, t.message), box),
      el("p", { class: "muted small", id: "write-hint" }, t.message_hint),
      tray.node,
      el("p", { class: "answer error", role: "alert" }),
      el("button", { class: "primary" }, t.send),
    );
    const anew = el(
      "button",
      { type: "button", onclick: () => press({ do: "begin_report", again: true }) },
      t.again,
    );
    const take = el("button", { type: "button", class: "quiet", onclick: takeAway }, t.take);
    const ways = el("div", { class: "row" }, tools(report), report.can_begin && anew, take);
    const back = report.can_write && !report.asking && wayBack({
      t,
      report,
      ask,
      changed: (text) => refresh().then(() => tell(text)),
      end: () => {
        kept.set("back", null);
        press({ do: "end_way_back" });
      },
    });
    const mail = mails && report.can_write && !report.asking && mailBack({
      t,
      report,
      ask,
      changed: (text) => refresh().then(() => tell(text)),
    });
    const on = goingOn({ t, report, ask, press, elsewhere, ways });
    return [report.can_write && form, ways, on, back, mail].filter(Boolean);
  }

  return { parts: { ask: asking, edit: editing, summary, fixed, unfixed, rate, stopping }, after };
}
