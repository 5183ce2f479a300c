// Step buttons of a quantity, and forms that are submitted when a field changes.
const pause = 350;
const waiting = new WeakMap();

document.addEventListener("click", (event) => {
  const step = event.target.closest("[data-step]");
  const box = step?.closest("[data-quantity]")?.querySelector("input");
  if (!box) return;
  const before = box.value;
  if (step.dataset.step > 0) box.stepUp();
  else box.stepDown();
  if (box.value !== before) box.dispatchEvent(new Event("change", { bubbles: true }));
});

document.addEventListener("change", (event) => {
  const form = event.target.form;
  if (!form?.matches("[data-send-on-change]")) return;
  clearTimeout(waiting.get(form));
  waiting.set(form, setTimeout(() => form.checkValidity() && form.requestSubmit(), pause));
});
