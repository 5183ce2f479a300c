// A picture goes where the cursor was when the text was left.
document.addEventListener("focusout", (event) => {
  for (const place of document.querySelectorAll("[data-caret]"))
    if (event.target.form === place.form && event.target.name === place.dataset.caret)
      place.value = event.target.selectionStart;
});
