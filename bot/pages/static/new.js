// The form for a caller: a question that depends on another one stands there when it is to be asked.
const form = document.querySelector("form.opening");

const answersTo = (key) =>
  [...form.elements]
    .filter((one) => one.dataset.of === key && !one.closest("[hidden]"))
    .filter((one) => !["radio", "checkbox"].includes(one.type) || one.checked)
    .map((one) => one.value);

/** What an answer is called in a condition of the playbook. */
const named = (value) => ({ yes: "True", no: "False" })[value] ?? value;

function isAsked({ when, is, least }) {
  const given = answersTo(when);
  if (least !== undefined) return given.some((one) => one !== "" && Number(one) >= Number(least));
  const wanted = is.split(" ");
  return given.some((one) => wanted.includes(one) || wanted.includes(named(one)));
}

function look() {
  for (const question of form.querySelectorAll("[data-when]")) {
    question.hidden = !isAsked(question.dataset);
    for (const field of question.querySelectorAll("input, textarea")) field.disabled = question.hidden;
  }
}

if (form) {
  form.addEventListener("input", look);
  look();
}
