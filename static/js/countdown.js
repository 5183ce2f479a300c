// The server renders the instant; with less than two days left the remaining time is shown, updated every minute.
const minute = 60_000;
const clocks = [...document.querySelectorAll("[data-countdown]")].map((place) => [place, Date.parse(place.dateTime)]);

function left(until) {
  const minutes = Math.ceil((until - Date.now()) / minute);
  const hours = Math.floor(minutes / 60);
  return hours ? `in ${hours} h ${minutes % 60} min` : `in ${minutes} min`;
}

function show() {
  for (const [place, until] of clocks) {
    const away = until - Date.now();
    if (away > 0 && away < 48 * 60 * minute) place.textContent = left(until);
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
