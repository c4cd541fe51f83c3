/* The pages work without this file. It moves the focus to a summary of errors, counts the words
   of a text that has a limit, keeps a draft, and opens folded parts before printing. */

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

/* Keeps an update as a draft while somebody types. The button does the same without this. */
const kept = document.querySelector("form[data-draft-url]");
if (kept) {
  const words = kept.querySelector("[data-draft-words]");
  let timer;
  const save = async () => {
    try {
      const answer = await fetch(kept.dataset.draftUrl, {
        method: "POST",
        body: new FormData(kept),
        redirect: "error",
      });
      words.textContent = answer.ok
        ? (await answer.json()).words
        : "The draft could not be saved. Your words are still on this page.";
    } catch {
      words.textContent = "You are offline or signed out. Your words are still on this page.";
    }
  };
  kept.addEventListener("input", () => {
    clearTimeout(timer);
    timer = setTimeout(save, 1500);
  });
  kept.addEventListener("submit", () => clearTimeout(timer));
}

let folded = [];
addEventListener("beforeprint", () => {
  folded = [...document.querySelectorAll("details:not([open])")];
  for (const part of folded) part.open = true;
});
addEventListener("afterprint", () => {
  for (const part of folded) part.open = false;
});
