// After a part of the page was replaced: move the focus to a refusal, and announce what has changed. Words that are
// not in what came are in the page, in its language.
const announcer = document.getElementById("announcer");

function announce(words) {
  if (!announcer) return;
  announcer.textContent = "";
  setTimeout(() => { announcer.textContent = words; }, 60);
}

document.addEventListener("htmx:after:settle", (event) => {
  const found = (selector) => {
    for (const part of event.detail.newContent) {
      if (!(part instanceof Element)) continue;
      const match = part.matches(selector) ? part : part.querySelector(selector);
      if (match) return match;
    }
    return null;
  };
  found("[data-focus]")?.focus();
  const words = found("[data-announce]");
  if (words) announce(words.dataset.announce);
});

document.addEventListener("htmx:error", () => announce(announcer?.dataset.failed ?? ""));

// A page that was returned with refusals starts with the focus on them.
document.querySelector("main [data-focus]")?.focus();
