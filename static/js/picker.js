// The choice of a replica. <a data-picks="…/picker/"> opens the dialog and has its list loaded for the form's API key;
// <button data-pick="replica id"> writes the id into the field and shows the replica beside it.

const form = document.getElementById("video_form");
const dialog = document.getElementById("replica_dialog");
const chosen = document.getElementById("replica_chosen");

function loadList(event) {
  const opener = event.target.closest("[data-picks]");
  if (!opener) return;
  const key = form.elements.api_key.value;
  const list = document.getElementById("replica_picker");
  if (list.dataset.key === key) return;
  const filled = htmx.ajax("GET", `${opener.dataset.picks}?key=${key}`, { target: list, swap: "outerHTML" });
  filled?.then(startSearching);
}

// Whoever opens the dialog can search at once, unless they have moved on in it.
function startSearching() {
  if (dialog.open && !dialog.querySelector("#replica_picker :focus")) document.getElementById("picker_search")?.focus();
}

function choose(event) {
  const button = event.target.closest("[data-pick]");
  if (!button) return;
  const field = form.elements.replica_id;
  chosen.replaceChildren(...[...button.children].map((part) => part.cloneNode(true)));
  chosen.dataset.replica = button.dataset.pick;
  field.value = button.dataset.pick;
  field.dispatchEvent(new Event("input", { bubbles: true }));
  document.getElementById("replica_by_id").open = false;
  dialog.close();
}

// The picture belongs to the id it was chosen with, and to the key.
function forgetOther() {
  chosen.hidden = !chosen.dataset.replica || form.elements.replica_id.value.trim() !== chosen.dataset.replica;
}

if (form) {
  document.addEventListener("click", loadList);
  document.addEventListener("click", choose);
  form.elements.replica_id.addEventListener("input", forgetOther);
  addEventListener("pageshow", forgetOther);
}
