// The staff's rail may be longer than the window: where one is should be in sight.
const rail = document.querySelector(".rail__inner");
const here = rail?.querySelector(".rail__desk [aria-current]");
if (here && rail.scrollHeight > rail.clientHeight) {
  const below = here.getBoundingClientRect().bottom - rail.getBoundingClientRect().top;
  if (below > rail.clientHeight - 40) rail.scrollTop = below - rail.clientHeight / 2;
}
