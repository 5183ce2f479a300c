// After a part of the page was replaced: take the reader to a refusal, say what changed, close what is done.
const announcer = document.getElementById("announcer");

function said(words) {
  if (!announcer) return;
  announcer.textContent = "";
  setTimeout(() => { announcer.textContent = words; }, 60);
}

document.addEventListener("htmx:after:settle", (event) => {
  const place = event.target instanceof Element ? event.target : document.body;
  const refusal = place.matches("[data-focus]") ? place : place.querySelector("[data-focus]");
  if (refusal) refusal.focus();
  const words = place.matches("[data-announce]") ? place : place.querySelector("[data-announce]");
  if (words) said(words.dataset.announce);
});

document.addEventListener("htmx:error", () => said("That did not arrive. Please try again."));

// A page that comes back with refusals begins at them.
document.querySelector("main [data-focus]")?.focus();
