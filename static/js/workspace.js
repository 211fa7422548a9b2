// Written by python -m tools.bundle_scripts from the files named below: change them there.
"use strict";
const scripts = {};
// js/kept.js
(() => {
const PREFIX = "tavusweb:kept:";
const LASTS_MS = 7 * 24 * 60 * 60 * 1000;

const place = document.getElementById("kept")?.dataset ?? {};
const person = place.person;
const workspace = place.workspace;

const keyOf = (window) => `${PREFIX}${person}:${workspace}:${window}`;
function keep(window, entry) {
  if (!person || !workspace) return false;
  try {
    localStorage.setItem(keyOf(window), JSON.stringify({ ...entry, at: Date.now() }));
    return true;
  } catch {
    return false;
  }
}

function all() {
  try {
    return Object.keys(localStorage).filter((key) => key.startsWith(PREFIX));
  } catch {
    return [];
  }
}

function read(key) {
  try {
    return JSON.parse(localStorage.getItem(key));
  } catch {
    return null;
  }
}

function find(window) {
  return read(keyOf(window));
}

function drop(window) {
  for (const key of all()) if (key.endsWith(`:${window}`)) localStorage.removeItem(key);
}
function offered() {
  const mine = all().filter((key) => key.startsWith(`${PREFIX}${person}:${workspace}:`));
  const entries = mine.map((key) => ({ window: key.split(":").pop(), ...read(key) }));
  return entries.sort((one, other) => other.at - one.at);
}

function isAnythingOf(who) {
  return all().some((key) => key.startsWith(`${PREFIX}${who}:`));
}

function dropAllOf(who) {
  document.dispatchEvent(new Event("kept:dropped")); // a form that is open keeps nothing any more
  for (const key of all()) if (key.startsWith(`${PREFIX}${who}:`)) localStorage.removeItem(key);
}

function dropOld() {
  for (const key of all()) {
    const at = read(key)?.at;
    if (!(at > Date.now() - LASTS_MS)) localStorage.removeItem(key);
  }
}
function dropSaved() {
  for (const [, window] of document.cookie.matchAll(/(?:^|; )saved_([0-9a-f-]{1,36})=/g)) {
    drop(window);
    document.cookie = `saved_${window}=; Max-Age=0; Path=/w/; SameSite=Lax`;
  }
}
scripts["kept"] = { person, workspace, keep, find, drop, offered, isAnythingOf, dropAllOf, dropOld, dropSaved };
})();

// js/kept-offer.js
(() => {
const kept = scripts["kept"];

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
})();

// js/refresh.js
(() => {
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
function lookAgain(event) {
  const isOver = [403, 404].includes(event.detail.xhr.status);
  if (isOver && event.target.matches(REFRESHING) && !document.querySelector("form[data-autosave]")) location.reload();
}

document.addEventListener("htmx:beforeRequest", restWhileUnseen);
document.addEventListener("htmx:responseError", lookAgain);
document.addEventListener("visibilitychange", catchUp);
document.addEventListener("close", catchUp, true); // a dialog's, which does not bubble
})();

// js/inbox.js
(() => {
const TOLD = "inbox-told"; // ids that this browser has told
const REMEMBERED = 100;
function markRead(event) {
  const link = event.target.closest("[data-reads]");
  if (!link || (event.type === "auxclick" && event.button !== 1)) return;
  const { "x-csrftoken": token } = JSON.parse(document.body.getAttribute("hx-headers") ?? "{}");
  fetch(link.dataset.reads, { method: "POST", headers: { "X-CSRFToken": token }, keepalive: true, redirect: "manual" });
  link.closest("li")?.removeAttribute("data-unread");
}

const links = () => [...document.querySelectorAll("#inbox_items .open")];
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
})();

// js/moving.js
(() => {
const HOLDER = "li, article, button";
const calm = matchMedia("(prefers-reduced-motion: reduce)");

function pictureOf(event) {
  return event.target.closest?.(HOLDER)?.querySelector("[data-moves]");
}

function move(event) {
  const picture = pictureOf(event);
  if (!picture || calm.matches) return;
  if (picture.localName === "video") {
    picture.play().catch(() => {});
  } else if (!picture.dataset.still) {
    picture.dataset.still = picture.src;
    picture.src = picture.dataset.moves;
  }
}

function rest(event) {
  const picture = pictureOf(event);
  if (!picture || picture.closest(HOLDER).contains(event.relatedTarget)) return;
  if (picture.localName === "video") {
    picture.pause();
  } else if (picture.dataset.still) {
    picture.src = picture.dataset.still;
    delete picture.dataset.still;
  }
}

document.addEventListener("pointerover", move);
document.addEventListener("pointerout", rest);
document.addEventListener("focusin", move);
document.addEventListener("focusout", rest);
})();

// js/clock.js
(() => {
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
})();

// js/dialogs.js
(() => {
function makeModal() {
  const dialog = document.querySelector("dialog[open]");
  if (!dialog) return;
  dialog.close();
  dialog.showModal();
  dialog.querySelector("[aria-invalid=true]")?.focus();
}

document.addEventListener("DOMContentLoaded", makeModal);
})();

// js/shown-when.js
(() => {
function holds(form, condition) {
  const [, not, name, values] = condition.match(/^(!?)(\w+)(?:=(.*))?$/);
  const field = form.elements[name];
  const value = field.type === "checkbox" ? field.checked : field.value;
  return (values ? values.split("|").includes(value) : Boolean(value)) !== Boolean(not);
}

function showWhatApplies(form) {
  for (const part of form.querySelectorAll("[data-shown-when]")) {
    part.hidden = !part.dataset.shownWhen.split(" ").every((condition) => holds(form, condition));
  }
  for (const field of form.querySelectorAll("[data-shown-when] :is(input, select, textarea)")) {
    field.disabled = Boolean(field.closest("[data-shown-when][hidden]:not([data-kept])"));
  }
  form.dataset.decided = "";
}

function formsThatAdapt() {
  return new Set([...document.querySelectorAll("[data-shown-when]")].map((part) => part.closest("form")));
}

document.addEventListener("input", (event) => {
  if (event.target.form?.querySelector("[data-shown-when]")) showWhatApplies(event.target.form);
});
document.addEventListener("DOMContentLoaded", () => formsThatAdapt().forEach(showWhatApplies));
addEventListener("pageshow", () => formsThatAdapt().forEach(showWhatApplies)); // a browser fills the form anew on "back"
})();

// js/typed-words.js
(() => {
function keepWords(event) {
  const link = event.target.closest("[data-keeps-words] a");
  const field = document.querySelector("#library_filters [name=q]");
  if (!link || !field) return;
  const address = new URL(link.href);
  if (field.value.trim()) address.searchParams.set("q", field.value);
  else address.searchParams.delete("q");
  link.href = address;
}

document.addEventListener("click", keepWords, true);
})();
