// What is grave asks over the page who is there, and then carries on with that very press.
import { parse } from "/static/desk.js";
import { ready } from "/static/passkeys.js";

const AGAIN = ["not_proved", "too_fast", "prove"];

function opened(html, why) {
  const dialog = document.createElement("dialog");
  dialog.className = "card prove";
  dialog.setAttribute("aria-labelledby", "prove-title");
  dialog.append(...parse(html).childNodes);
  dialog.querySelector("[data-why]").textContent = why;
  dialog.querySelector("[data-cancel]").addEventListener("click", () => dialog.close());
  ready(dialog);
  document.body.append(dialog);
  dialog.showModal();
  return dialog;
}

/**
 * Ask for a proof, saying `why`, and give it to `send`, which resolves to the answer; as long as
 * the proof is not accepted the question stays. Resolves to the last answer, null when it was
 * left undone.
 */
export async function prove(send, why) {
  const response = await fetch("/me/prove", { headers: { accept: "application/json" } });
  const { html } = await response.json();
  if (!html) return null;
  const dialog = opened(html, why);
  const form = dialog.querySelector("form");
  const error = form.querySelector("[role=alert]");
  let answer = null;
  form.addEventListener("submit", async (event) => {
    event.preventDefault();
    if (form.ariaBusy) return;
    form.ariaBusy = "true";
    try {
      const said = await send(Object.fromEntries(new FormData(form)));
      if (!AGAIN.includes(said.code)) {
        answer = said;
        return dialog.close();
      }
      error.textContent = said.text;
    } catch {
      error.textContent = document.body.dataset.lost;
    } finally {
      form.ariaBusy = null;
    }
    error.hidden = false;
    const field = form.elements.proof_password;
    if (form.elements.proof_passkey) form.elements.proof_passkey.value = "";
    field?.focus();
    field?.select();
  });
  await new Promise((done) => dialog.addEventListener("close", done, { once: true }));
  dialog.remove();
  return answer;
}
