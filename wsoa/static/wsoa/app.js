/* The pages work without this file. It moves the focus to a summary of errors, counts the words
   of a text that has a limit, and opens folded parts before printing. */

"use strict";

document.querySelector("[data-error-summary]")?.focus();

for (const area of document.querySelectorAll("textarea[data-max-words]")) {
  const note = document.createElement("p");
  const limit = Number(area.dataset.maxWords);
  note.className = "words-left";
  note.setAttribute("aria-live", "polite");
  area.after(note);

  const count = () => {
    const words = area.value.trim().split(/\s+/).filter(Boolean).length;
    const over = words - limit;
    note.textContent = over > 0 ? `${words} words, ${over} too many` : `${words} of ${limit} words`;
  };
  area.addEventListener("input", count);
  count();
}

let folded = [];
addEventListener("beforeprint", () => {
  folded = [...document.querySelectorAll("details:not([open])")];
  for (const part of folded) part.open = true;
});
addEventListener("afterprint", () => {
  for (const part of folded) part.open = false;
});
