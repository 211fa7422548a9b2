// A dialog that the server sent open becomes a modal one, at the field that was refused.

function makeModal() {
  const dialog = document.querySelector("dialog[open]");
  if (!dialog) return;
  dialog.close();
  dialog.showModal();
  dialog.querySelector("[aria-invalid=true]")?.focus();
}

document.addEventListener("DOMContentLoaded", makeModal);
