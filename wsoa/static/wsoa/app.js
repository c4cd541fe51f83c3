/* The pages work without this file. It moves the focus to a summary of errors, counts the words
   of a text that has a limit, keeps a draft, counts who is chosen, and opens folded
   parts before printing. */

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

/* Keeps an update as a draft while somebody types: in a pause, every few seconds where there is
   none, and on leaving the page. The button does the same without this. */
const kept = document.querySelector("form[data-draft-url]");
if (kept) {
  const PAUSE = 1500;
  const LONGEST = 5000;
  const words = kept.querySelector("[data-draft-words]");
  let typed = 0;
  let saved = 0;
  let since = 0;
  let timer;
  let saving = false;

  // Files go when they are chosen, not with every word.
  const answers = () => {
    const all = new FormData(kept);
    all.delete("evidence_files");
    return all;
  };

  const plan = () => {
    clearTimeout(timer);
    timer = setTimeout(save, Math.max(0, Math.min(PAUSE, since + LONGEST - Date.now())));
  };
  const save = async () => {
    // One after the other, so that none arrives after a newer one.
    if (saving) return;
    saving = true;
    const upTo = typed;
    since = Date.now();
    try {
      const answer = await fetch(kept.dataset.draftUrl, {
        method: "POST",
        body: answers(),
        redirect: "error",
      });
      if (answer.ok) saved = upTo;
      words.textContent = answer.ok
        ? (await answer.json()).words
        : "The draft could not be saved. Your words are still on this page.";
    } catch {
      words.textContent = "You are offline or signed out. Your words are still on this page.";
    }
    saving = false;
    if (typed > upTo) plan();
  };
  const leave = () => {
    if (typed === saved) return;
    clearTimeout(timer);
    if (navigator.sendBeacon(kept.dataset.draftUrl, answers())) saved = typed;
  };

  // Files are kept with the draft at once; what cannot be sent stays chosen and goes with the form.
  const given = kept.querySelector("input[name=evidence_files]");
  const list = kept.querySelector("[data-draft-files]");
  given?.addEventListener("change", async () => {
    const files = answers();
    for (const file of given.files) files.append("evidence_files", file);
    words.textContent = "Keeping your files…";
    try {
      const answer = await fetch(kept.dataset.draftUrl, { method: "POST", body: files, redirect: "error" });
      if (!answer.ok) throw new Error(answer.status);
      const kind = await answer.json();
      const shown = document.createElement("template");
      shown.innerHTML = kind.files;
      for (const old of list.querySelectorAll(".is-refused")) old.remove();
      // Titles that are being typed stay as they are.
      for (const item of shown.content.children)
        if (!item.id || !document.getElementById(item.id)) list.append(item.cloneNode(true));
      given.value = "";
      words.textContent = kind.words;
    } catch {
      words.textContent = "The files could not be kept yet. They are sent with your answers.";
    }
  });

  kept.addEventListener("input", ({ target }) => {
    if (target === given) return;
    if (typed === saved) since = Date.now();
    typed += 1;
    plan();
  });
  // Before the next page is asked for, since that may be this form again; some browsers only tell
  // when it has come, or when the page is put behind others.
  addEventListener("beforeunload", leave);
  addEventListener("pagehide", leave);
  document.addEventListener("visibilitychange", () => {
    if (document.visibilityState === "hidden") leave();
  });
  document.addEventListener("submit", ({ target }) => {
    if (target === kept || target.matches("[data-drop-draft]")) {
      // What is sent carries its words with it, and what is thrown away has none to keep.
      clearTimeout(timer);
      saved = typed;
    } else leave();
  });
}

/* How many are ticked, while they are being ticked. */
for (const form of document.querySelectorAll("form[data-chosen-form]")) {
  const count = form.querySelector("[data-chosen-count]");
  form.addEventListener("change", () => {
    const ticked = form.querySelectorAll("input[name=to]:checked");
    const chosen = new Set([...ticked].map((box) => box.value)).size;
    count.textContent = chosen ? `${chosen} chosen` : "Nobody chosen";
  });
}

let folded = [];
addEventListener("beforeprint", () => {
  folded = [...document.querySelectorAll("details:not([open])")];
  for (const part of folded) part.open = true;
});
addEventListener("afterprint", () => {
  for (const part of folded) part.open = false;
});
