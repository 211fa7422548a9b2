// On every page of a person: text that is kept in this browser is offered again, and signing out asks before it goes.
// <div id="kept" data-person data-workspace data-new>, and in it a <template> of one offer.

import * as kept from "./kept.js";

const place = document.getElementById("kept");
const open = document.querySelector("#video_form [name=window]")?.value;

function offer(entry) {
  const card = place.querySelector("template").content.firstElementChild.cloneNode(true);
  const [title, when] = card.querySelectorAll("[data-title], [data-when]");
  title.textContent = entry.title || place.dataset.untitled;
  when.textContent = new Date(entry.at).toLocaleString();
  card.querySelector("a").href = `${place.dataset.new}#kept=${entry.window}`;
  card.querySelector("button").addEventListener("click", () => {
    kept.drop(entry.window);
    card.remove();
  });
  place.append(card);
}

function offerAll() {
  for (const card of place.querySelectorAll(".alert")) card.remove();
  for (const entry of kept.offered()) if (entry.window !== open) offer(entry);
}

// <form data-signs-out="person">: asks in the dialog #unsaved_dialog, whose button signs out and clears.
function askBeforeSigningOut(event) {
  const form = event.target.closest("form[data-signs-out]");
  const dialog = document.getElementById("unsaved_dialog");
  if (!form || !dialog || !kept.isAnythingOf(form.dataset.signsOut)) return;
  if (form.dataset.discards) {
    kept.dropAllOf(form.dataset.signsOut);
    return;
  }
  event.preventDefault();
  event.stopImmediatePropagation();
  dialog.showModal();
  dialog.querySelector("[data-discards]").onclick = () => {
    form.dataset.discards = "yes";
    dialog.close();
    form.requestSubmit();
  };
}

kept.dropOld();
kept.dropSaved();
if (place?.dataset.new) {
  offerAll();
  addEventListener("pageshow", (event) => event.persisted && (kept.dropSaved(), offerAll()));
}
addEventListener("submit", askBeforeSigningOut, { capture: true });
