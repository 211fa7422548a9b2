// Passkeys. <form data-passkey="make | show | ask-first">: the browser is asked for a key before the form is sent, and
// what it answers goes along as `credential`. What to ask is in #passkey-options; "ask-first" gets it from the server.

async function options(form) {
  if (form.dataset.passkey !== "ask-first") return JSON.parse(document.getElementById("passkey-options").textContent);
  const answer = await fetch(form.action, { headers: { Accept: "application/json" } });
  if (!answer.ok) throw new Error(answer.status);
  return answer.json();
}

function make(form, wanted) {
  // Alone, a key has to be found without a name and to know its person; after a password it need not.
  const alone = Boolean(form.elements.passwordless?.checked);
  const selection = wanted.publicKey.authenticatorSelection;
  selection.residentKey = alone ? "required" : "discouraged";
  selection.requireResidentKey = alone;
  if (alone) selection.userVerification = "required";
  return webauthnJSON.create(wanted);
}

async function ask(form) {
  const wanted = await options(form);
  const { creation_options: toMake, request_options: toShow } = wanted;
  const credential = await (toMake ? make(form, toMake) : webauthnJSON.get(toShow));
  form.elements.credential.value = JSON.stringify(credential);
  form.submit();
}

function sayWhy(form, error) {
  const place = form.querySelector("[role=alert]");
  place.textContent = error.name === "InvalidStateError" ? place.dataset.known : place.dataset.unused;
  place.hidden = false;
}

document.addEventListener("submit", (event) => {
  const form = event.target;
  if (!form.matches("[data-passkey]")) return;
  event.preventDefault();
  ask(form).catch((error) => sayWhy(form, error));
});
