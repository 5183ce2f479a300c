// Menus made of <details> close on Escape or a click elsewhere. A popover closes when its form is submitted.
const menus = () => document.querySelectorAll("details[data-menu][open]");

document.addEventListener("keydown", (event) => {
  if (event.key !== "Escape") return;
  for (const menu of menus()) {
    menu.open = false;
    menu.querySelector("summary").focus();
  }
});

document.addEventListener("click", (event) => {
  for (const menu of menus()) if (!menu.contains(event.target)) menu.open = false;
});

document.addEventListener("submit", (event) => {
  const sheet = event.target.closest("[popover]");
  if (sheet?.matches(":popover-open")) sheet.hidePopover();
});
