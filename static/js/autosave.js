// <form data-autosave="…/draft/" data-draft-page="…/edit/">: what is typed is kept as a draft, without its files, and
// the element #draft_state says so. Ends when the form itself is sent.

const SAVE_MS = 1500;
const AGAIN_MS = 5000;
const KEEPALIVE_BYTES = 60_000; // browsers refuse more than 64 KiB for a request that outlives its page

const form = document.querySelector("form[data-autosave]");
const state = document.getElementById("draft_state");

let timer;
let isDirty = false;
let isOver = false;
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

// An answer that leads to the sign-in page, or refuses this form: trying again would not help.
function isSignedOut(response) {
  return response.type === "opaqueredirect" || response.status === 403;
}

async function save() {
  clearTimeout(timer);
  if (isOver || !isDirty) return;
  if (underWay) {
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
    if (isSignedOut(response)) {
      giveUp("Not saved: you are signed out. Keep a copy of the script and reload the page.");
    } else if (response.status === 409) {
      giveUp("Not saved: this video is no draft any more. It was sent, or deleted, in another window.");
    } else if (response.ok) {
      say("Draft saved");
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
  isOver = true;
  say(text);
}

function tryAgain() {
  isDirty = true;
  say("Not saved yet, trying again");
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
  clearTimeout(timer);
  underWay?.abort();
}

function begin() {
  isOver = false;
}

if (form) {
  form.addEventListener("input", noteChange);
  form.addEventListener("submit", stop);
  addEventListener("pagehide", save);
  document.addEventListener("visibilitychange", () => document.hidden && save());
  addEventListener("pageshow", begin);
}
