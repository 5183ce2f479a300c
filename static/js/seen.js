// A page that was fetched ahead of time is counted when it is really shown: its request said that nobody saw it yet.
function tellThatItIsShown() {
  const way = performance.getEntriesByType("navigation")[0];
  const wasAhead = way && (way.activationStart > 0 || way.deliveryType === "navigational-prefetch");
  if (wasAhead) navigator.sendBeacon("/seen", new URLSearchParams({ path: location.pathname + location.search }));
}

if (document.prerendering) document.addEventListener("prerenderingchange", tellThatItIsShown, { once: true });
else tellThatItIsShown();
