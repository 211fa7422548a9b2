// The inbox and its number in the navigation: opening marks as read, keys work in the list, the browser tells what is new.

const TOLD = "inbox-told"; // ids that this browser has told
const REMEMBERED = 100;

// Following a link of the list marks it as read; the page that opens needs no script for that.
function markRead(event) {
  const link = event.target.closest("[data-reads]");
  if (!link || (event.type === "auxclick" && event.button !== 1)) return;
  const { "x-csrftoken": token } = JSON.parse(document.body.getAttribute("hx-headers") ?? "{}");
  fetch(link.dataset.reads, { method: "POST", headers: { "X-CSRFToken": token }, keepalive: true, redirect: "manual" });
  link.closest("li")?.removeAttribute("data-unread");
}

const links = () => [...document.querySelectorAll("#inbox_items .open")];

// Keys act only while the focus is in the list, so that they get in nobody's way.
function pressKey(event) {
  const row = event.target.closest?.("#inbox_items > li");
  if (!row || event.ctrlKey || event.metaKey || event.altKey) return;
  const all = links();
  const at = all.indexOf(row.querySelector(".open"));
  const step = { ArrowDown: 1, ArrowUp: -1 }[event.key];
  const key = event.key === "Delete" ? "d" : event.key.toLowerCase();
  const button = row.querySelector(`[data-key="${CSS.escape(key)}"]`);
  if (step) all[at + step]?.focus();
  else if (button) button.click();
  else return;
  event.preventDefault();
}

// A row that leaves the list hands the focus to the one after it.
let next = null;

function rememberPlace(event) {
  const row = event.target.closest?.("#inbox_items > li");
  if (!row) return;
  const neighbour = row.nextElementSibling ?? row.previousElementSibling;
  next = row.contains(document.activeElement) ? { own: row.id, other: neighbour?.id } : null;
}

function restoreFocus() {
  if (!next) return;
  const row = document.getElementById(next.own) ?? document.getElementById(next.other);
  (row?.querySelector(".open") ?? document.getElementById("main"))?.focus();
  next = null;
}

// The last row is gone: say so.
function showEmpty() {
  const list = document.getElementById("inbox_items");
  if (!list || list.children.length) return;
  document.getElementById("inbox_done").hidden = false;
  list.hidden = true;
}

function told() {
  try {
    return JSON.parse(localStorage.getItem(TOLD) ?? "[]");
  } catch {
    return [];
  }
}

function tellNews() {
  const news = [...document.querySelectorAll("#inbox_count [data-news]")];
  if (!news.length || !("Notification" in window) || Notification.permission !== "granted") return;
  const known = told();
  for (const item of news.filter((each) => !known.includes(each.dataset.news))) {
    const shown = new Notification(item.textContent, { tag: item.dataset.news });
    shown.onclick = () => {
      window.focus();
      location.assign(item.dataset.url);
    };
    known.push(item.dataset.news);
  }
  localStorage.setItem(TOLD, JSON.stringify(known.slice(-REMEMBERED)));
}

document.addEventListener("click", markRead);
document.addEventListener("auxclick", markRead);
document.addEventListener("keydown", pressKey);
document.addEventListener("htmx:beforeRequest", rememberPlace);
document.addEventListener("htmx:afterSettle", restoreFocus);
document.addEventListener("htmx:afterSettle", showEmpty);
document.addEventListener("htmx:afterSettle", tellNews);
