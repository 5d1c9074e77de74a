// The program, 440 kB of it, does not come before what is to be read: it starts when the page has
// been painted, or after a second where nothing is painted, as in a window behind others.
const painted = new Promise((resolve) => {
  requestAnimationFrame(() => requestAnimationFrame(resolve));
  setTimeout(resolve, 1_000);
});
painted.then(() => import(document.querySelector("#program").href));

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
