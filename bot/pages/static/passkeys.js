// Passkeys: a button fetches the question, the browser's own window answers it, the form is sent.

const JSON_BOTH = { "content-type": "application/json", accept: "application/json" };

const bytes = (text) =>
  Uint8Array.from(atob(text.replaceAll("-", "+").replaceAll("_", "/")), (one) => one.charCodeAt(0));
const text = (buffer) =>
  btoa(String.fromCharCode(...new Uint8Array(buffer)))
    .replaceAll("+", "-")
    .replaceAll("/", "_")
    .replaceAll("=", "");

const named = (keys = []) => keys.map((one) => ({ ...one, id: bytes(one.id) }));

async function made(options) {
  const publicKey = {
    ...options,
    challenge: bytes(options.challenge),
    user: { ...options.user, id: bytes(options.user.id) },
    excludeCredentials: named(options.excludeCredentials),
  };
  const { id, type, rawId, response } = await navigator.credentials.create({ publicKey });
  return {
    id,
    type,
    rawId: text(rawId),
    response: {
      clientDataJSON: text(response.clientDataJSON),
      attestationObject: text(response.attestationObject),
    },
  };
}

async function answered(options) {
  const publicKey = {
    ...options,
    challenge: bytes(options.challenge),
    allowCredentials: named(options.allowCredentials),
  };
  const { id, type, rawId, response } = await navigator.credentials.get({ publicKey });
  return {
    id,
    type,
    rawId: text(rawId),
    response: {
      clientDataJSON: text(response.clientDataJSON),
      authenticatorData: text(response.authenticatorData),
      signature: text(response.signature),
      userHandle: response.userHandle && text(response.userHandle),
    },
  };
}

function tell(form, words) {
  const error = form.querySelector("[role=alert]");
  if (!error) return;
  error.textContent = words;
  error.hidden = !words;
}

async function use(button) {
  const { form } = button;
  const { passkey, into, failed } = button.dataset;
  tell(form, "");
  button.disabled = true;
  try {
    const said = await fetch(passkey, { method: "POST", headers: JSON_BOTH, body: "{}" });
    const { outcome, code, text: words, options } = await said.json();
    if (code === "prove") return location.assign(button.dataset.prove);
    if (outcome !== "done") return tell(form, words);
    const answer = options.user ? await made(options) : await answered(options);
    form.elements[into].value = JSON.stringify(answer);
    form.noValidate = true;
    form.requestSubmit();
  } catch {
    tell(form, failed);
  } finally {
    button.disabled = false;
  }
}

/** Show the buttons of `place` for passkeys where the browser can use any. */
export function ready(place) {
  if (!window.PublicKeyCredential) return;
  for (const note of place.querySelectorAll("[data-scriptless]")) note.hidden = true;
  for (const button of place.querySelectorAll("[data-passkey]")) {
    button.hidden = false;
    button.addEventListener("click", () => use(button));
  }
}

ready(document);
