// The page of notifications: the time zone of this device, and the browser's permission, asked only on a click.

const states = document.querySelector("[data-browser-notifications]");

function showState() {
  if (!states || !("Notification" in window)) return;
  states.hidden = false;
  const state = Notification.permission === "default" ? "ask" : Notification.permission;
  for (const part of states.querySelectorAll("[data-state]")) part.hidden = part.dataset.state !== state;
}

async function ask(event) {
  if (!event.target.closest("button[data-state=ask]")) return;
  await Notification.requestPermission();
  showState();
}

function offerTimeZone() {
  const button = document.querySelector("[data-time-zone]");
  const here = Intl.DateTimeFormat().resolvedOptions().timeZone;
  const field = button && document.getElementById(button.dataset.timeZone);
  if (!field || !here || field.value === here) return;
  button.hidden = false;
  button.addEventListener("click", () => {
    field.value = here;
    button.hidden = true;
  });
}

states?.addEventListener("click", ask);
showState();
offerTimeZone();
