// Forms with data-passkey ask the browser for a passkey and are then sent. They stay hidden where that cannot work.
const bytes = (text) => Uint8Array.from(atob(text.replace(/-/g, "+").replace(/_/g, "/")), (c) => c.charCodeAt(0));
const text = (buffer) =>
  btoa(String.fromCharCode(...new Uint8Array(buffer))).replace(/\+/g, "-").replace(/\//g, "_").replace(/=+$/, "");

const named = (list = []) => list.map((known) => ({ ...known, id: bytes(known.id) }));

const readable = (given) => ({
  ...given,
  challenge: bytes(given.challenge),
  ...(given.user && { user: { ...given.user, id: bytes(given.user.id) } }),
  ...(given.allowCredentials && { allowCredentials: named(given.allowCredentials) }),
  ...(given.excludeCredentials && { excludeCredentials: named(given.excludeCredentials) }),
});

const answer = ({ id, rawId, type, response, authenticatorAttachment }) => {
  const shown = { clientDataJSON: text(response.clientDataJSON) };
  for (const name of ["attestationObject", "authenticatorData", "signature", "userHandle"])
    if (response[name]) shown[name] = text(response[name]);
  return JSON.stringify({ id, rawId: text(rawId), type, authenticatorAttachment, response: shown });
};

const use = async (form) => {
  const { passkey, options, field = "credential", challenge = "challenge" } = form.dataset;
  const given = await fetch(options, { method: "POST", credentials: "same-origin" });
  if (given.ok) {
    const asked = await given.json();
    const made = await navigator.credentials[passkey]({ publicKey: readable(asked.options) });
    form.elements[field].value = answer(made);
    form.elements[challenge].value = asked.challenge;
  }
  form.submit();
};

for (const form of window.PublicKeyCredential ? document.querySelectorAll("form[data-passkey]") : []) {
  form.hidden = false;
  form.addEventListener("submit", (event) => {
    event.preventDefault();
    use(form).catch(() => {
      form.querySelector("[data-passkey-words]").textContent =
        document.getElementById("announcer").dataset.passkeyFailed;
    });
  });
}

for (const button of document.querySelectorAll("[data-print]")) {
  button.hidden = false;
  button.addEventListener("click", () => window.print());
}
