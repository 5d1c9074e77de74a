// Until the program runs, the reply is a plain form. This gives it the Enter key, and notes that it
// was posted, so that the program does not take what is on its way for a draft.
document.addEventListener("keydown", (event) => {
  const { form } = event.target;
  const isText = event.target.tagName === "TEXTAREA" && form?.hasAttribute("action");
  const isEnter = event.key === "Enter" && !event.shiftKey && !event.isComposing;
  // The program prevents the default of what it has taken.
  if (!isText || !isEnter || event.defaultPrevented) return;
  event.preventDefault();
  form.requestSubmit();
});
document.addEventListener("submit", (event) => {
  if (!event.defaultPrevented) event.target.dataset.submitted = "";
});
// Back from the next page, nothing is on its way.
addEventListener("pageshow", () => {
  for (const form of document.querySelectorAll("form[data-submitted]")) delete form.dataset.submitted;
});
