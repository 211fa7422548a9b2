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

document.addEventListener("htmx:beforeRequest", restWhileUnseen);
document.addEventListener("visibilitychange", catchUp);
document.addEventListener("close", catchUp, true); // a dialog's, which does not bubble
