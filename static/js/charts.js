// A chart is one stop of the Tab key, and its columns are read with the arrow keys. Without this each is a stop.
for (const chart of document.querySelectorAll("[data-chart]")) {
  const marks = [...chart.querySelectorAll(".chart__mark")];
  marks.forEach((mark, place) => mark.setAttribute("tabindex", place === marks.length - 1 ? "0" : "-1"));
  chart.addEventListener("keydown", (event) => {
    const at = marks.indexOf(document.activeElement);
    const to = { ArrowLeft: at - 1, ArrowRight: at + 1, Home: 0, End: marks.length - 1 }[event.key];
    if (event.key === "Escape") document.activeElement.blur();
    if (at < 0 || to === undefined || !marks[to]) return;
    event.preventDefault();
    marks[at].setAttribute("tabindex", "-1");
    marks[to].setAttribute("tabindex", "0");
    marks[to].focus();
  });
}
