// <time datetime="…" data-clock>: the moment as this person's clock and calendar say it. Without a script it is UTC.

const today = new Intl.DateTimeFormat(undefined, { timeStyle: "medium" });
const other = new Intl.DateTimeFormat(undefined, { dateStyle: "medium", timeStyle: "medium" });

function tellLocalTime() {
  const day = new Date().toDateString();
  for (const time of document.querySelectorAll("time[data-clock]")) {
    const moment = new Date(time.dateTime);
    time.textContent = (moment.toDateString() === day ? today : other).format(moment);
  }
}

document.addEventListener("DOMContentLoaded", tellLocalTime);
document.addEventListener("htmx:afterSwap", tellLocalTime);
document.addEventListener("htmx:oobAfterSwap", tellLocalTime);
