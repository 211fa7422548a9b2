// What refreshes itself (hx-trigger="every …, seen") rests while nobody can see it: in a hidden tab, under an open
// dialog. It catches up at once when it is seen again.

const REFRESHING = "[hx-trigger^=every]";

function isOutOfSight(element) {
  const dialog = document.querySelector("dialog[open]");
  return document.hidden || (dialog && !dialog.contains(element));
}

function restWhileUnseen(event) {
  if (event.target.matches(REFRESHING) && isOutOfSight(event.target)) event.preventDefault();
}

function catchUp() {
  for (const element of document.querySelectorAll(REFRESHING)) {
    if (!isOutOfSight(element)) htmx.trigger(element, "seen");
  }
}

// No longer this person's to see, or gone: what stands at the page's address now says so. Unless something is being
// typed on it, which would be lost.
function lookAgain(event) {
  const isOver = [403, 404].includes(event.detail.xhr.status);
  if (isOver && event.target.matches(REFRESHING) && !document.querySelector("form[data-autosave]")) location.reload();
}

document.addEventListener("htmx:beforeRequest", restWhileUnseen);
document.addEventListener("htmx:responseError", lookAgain);
document.addEventListener("visibilitychange", catchUp);
document.addEventListener("close", catchUp, true); // a dialog's, which does not bubble
