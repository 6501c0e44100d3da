// What goes to many is looked at first: the same form asks for its preview, then publishes.
import { parse } from "/static/desk.js";

const PREVIEW = "/desk/preview/";

const actionOf = (form, button) =>
  new URL(button?.hasAttribute("formaction") ? button.formAction : form.action).pathname;

async function preview(form, path) {
  if (form.ariaBusy) return;
  form.ariaBusy = "true";
  const place = form.querySelector("[data-preview]");
  try {
    const fields = Object.fromEntries(new FormData(form));
    delete fields.id;
    delete fields.position;
    const response = await fetch(path, {
      method: "POST",
      headers: { "content-type": "application/json", accept: "application/json" },
      body: JSON.stringify(fields),
    });
    const isPage = response.headers.get("content-type")?.startsWith("text/html");
    const said = await response.text();
    if (isPage) {
      place.replaceChildren(...parse(said).childNodes);
    } else place.textContent = JSON.parse(said).text;
  } catch {
    place.textContent = document.body.dataset.lost;
  } finally {
    form.ariaBusy = null;
  }
  place.tabIndex = -1;
  place.focus();
  place.scrollIntoView({ block: "nearest" });
}

document.addEventListener("submit", (event) => {
  const path = actionOf(event.target, event.submitter);
  if (!path.startsWith(PREVIEW)) return;
  event.preventDefault();
  preview(event.target, path);
});

// What was looked at is not what would go out any more.
document.addEventListener("input", (event) => {
  event.target.form?.querySelector("[data-preview]")?.replaceChildren();
});
document.addEventListener("reset", (event) => {
  event.target.querySelector("[data-preview]")?.replaceChildren();
});
