// The server renders the instant; with less than two days left the remaining time is shown, in
// words that the page has for it, updated every minute.
const minute = 60_000;
const clocks = [...document.querySelectorAll("[data-countdown]")].map((place) => [place, Date.parse(place.dateTime)]);

function left(place, until) {
  const minutes = Math.ceil((until - Date.now()) / minute);
  const hours = Math.floor(minutes / 60);
  const words = hours ? place.dataset.hours : place.dataset.minutes;
  return words.replace("{hours}", hours).replace("{minutes}", minutes % 60);
}

function show() {
  for (const [place, until] of clocks) {
    const away = until - Date.now();
    if (away > 0 && away < 48 * 60 * minute) place.textContent = left(place, until);
  }
}

// At that instant the page is reloaded: the server decides what may be bought now.
function awaitOpening() {
  const next = Math.min(...clocks.map(([, until]) => until - Date.now()).filter((away) => away > 0));
  if (next < 60 * minute) setTimeout(() => location.reload(), next + 1000);
}

if (clocks.length) {
  show();
  setInterval(show, minute);
  awaitOpening();
}
