// <form data-autosave="…/draft/" data-draft-page="…/edit/">: what is typed is kept as a draft, without its files, and
// the element #draft_state says so. Rests during an upload, which saves the draft itself; ends when the form is sent.

import { words } from "./words.js";

const SAVE_MS = 1500;
const AGAIN_MS = 5000;
const KEEPALIVE_BYTES = 60_000; // browsers refuse more than 64 KiB for a request that outlives its page

const form = document.querySelector("form[data-autosave]");
const state = document.getElementById("draft_state");

let timer;
let isDirty = false;
let isOver = false;
let isOnlyHere = false; // what was typed is kept nowhere else
let underWay = null;

function say(text) {
  if (state.textContent !== text) state.textContent = text;
}

function saveIn(milliseconds) {
  clearTimeout(timer);
  timer = setTimeout(save, milliseconds);
}

function typed() {
  const texts = [...new FormData(form)].filter(([, value]) => typeof value === "string");
  return new URLSearchParams(texts);
}

// Answers after which trying again would not help.
const OVER = { 403: "forbidden", 404: "notFound", 409: "conflict" };

async function save() {
  clearTimeout(timer);
  if (isOver || !isDirty) return;
  if (underWay || form.dataset.uploading) {
    saveIn(SAVE_MS);
    return;
  }
  isDirty = false;
  underWay = new AbortController();
  const body = typed();
  try {
    const response = await fetch(form.dataset.autosave, {
      method: "POST",
      body,
      redirect: "manual",
      keepalive: body.toString().length < KEEPALIVE_BYTES,
      signal: underWay.signal,
    });
    if (response.type === "opaqueredirect") {
      giveUp(words("signedOut"));
    } else if (response.status in OVER) {
      giveUp(words(OVER[response.status]));
    } else if (response.ok) {
      say(words("saved"));
      // Reloading, or coming back to this page, finds the draft again.
      if (location.pathname !== form.dataset.draftPage) history.replaceState(null, "", form.dataset.draftPage);
    } else {
      tryAgain();
    }
  } catch {
    if (!isOver) tryAgain();
  }
  underWay = null;
}

function giveUp(text) {
  isOver = isOnlyHere = true;
  say(text);
}

function tryAgain() {
  isDirty = true;
  say(words("again"));
  saveIn(AGAIN_MS);
}

function noteChange(event) {
  if (event.target.type === "file") return;
  isDirty = true;
  saveIn(SAVE_MS);
}

// The form carries everything itself now; an older text that arrives after it must not win.
function stop(event) {
  if (event.defaultPrevented) return;
  isOver = true;
  isOnlyHere = false;
  clearTimeout(timer);
  underWay?.abort();
}

function begin() {
  isOver = false;
}

function askBeforeLeaving(event) {
  if (isOnlyHere) event.preventDefault();
}

if (form) {
  form.addEventListener("input", noteChange);
  form.addEventListener("submit", stop);
  addEventListener("pagehide", save);
  addEventListener("beforeunload", askBeforeLeaving);
  document.addEventListener("visibilitychange", () => document.hidden && save());
  addEventListener("pageshow", begin);
}
