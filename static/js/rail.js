// The staff navigation may be taller than the window: scroll the current entry into view.
const rail = document.querySelector(".rail__inner");
const here = rail?.querySelector(".rail__desk [aria-current]");
if (here && rail.scrollHeight > rail.clientHeight) {
  const below = here.getBoundingClientRect().bottom - rail.getBoundingClientRect().top;
  if (below > rail.clientHeight - 40) rail.scrollTop = below - rail.clientHeight / 2;
}
