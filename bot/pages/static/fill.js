// A ready answer is put into the reply, where it can be changed before it is sent.
document.addEventListener("click", (event) => {
  const button = event.target.closest("[data-fill]");
  const form = button?.form;
  if (!form) return;
  const { words, canned } = form.elements;
  words.value = button.dataset.fill;
  canned.value = button.dataset.canned;
  words.dispatchEvent(new Event("input", { bubbles: true }));
  words.focus();
  words.scrollIntoView({ block: "nearest" });
});
