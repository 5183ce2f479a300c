// After a part of the page was replaced: take the reader to a refusal, say what changed, close what is done.
const announcer = document.getElementById("announcer");

function said(words) {
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
  if (words) said(words.dataset.announce);
});

document.addEventListener("htmx:error", () => said("That didn’t go through. Please try again."));

// A page that comes back with refusals begins at them.
document.querySelector("main [data-focus]")?.focus();
