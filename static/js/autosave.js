// <form data-autosave="…/draft/" data-draft-page="…/edit/">: what is typed is kept as a draft, without its files, and
// the element #draft_state says so. Until the server has it, it is kept in this browser (kept.js). Rests during an
// upload, which saves the draft itself; ends when the form is sent.

import * as kept from "./kept.js";
import { words } from "./words.js";

const SAVE_MS = 1500;
const AGAIN_MS = 5000;
const KEEP_MS = 250;
const KEEPALIVE_BYTES = 60_000; // browsers refuse more than 64 KiB for a request that outlives its page

const form = document.querySelector("form[data-autosave]");
const state = document.getElementById("draft_state");

let timer;
let keepTimer;
let isDirty = false;
let isOver = false;
let isOnlyHere = false; // what was typed is kept nowhere else
let underWay = null;

function say(text, link) {
  if (state.textContent === text && !link) return;
  state.textContent = text;
  if (link) state.append(" ", Object.assign(document.createElement("a"), { href: link.href, textContent: link.text }));
}

function saveIn(milliseconds) {
  clearTimeout(timer);
  timer = setTimeout(save, milliseconds);
}

function typed() {
  const texts = [...new FormData(form)].filter(([, value]) => typeof value === "string");
  return new URLSearchParams(texts);
}

const windowName = () => form.elements.window.value;

function keepHere() {
  clearTimeout(keepTimer);
  const { autosave, draftPage } = form.dataset;
  const fields = [...typed()].filter(([name]) => name !== "csrfmiddlewaretoken");
  const title = form.elements.title.value || form.elements.script.value.trim().slice(0, 80);
  isOnlyHere = !kept.keep(windowName(), { autosave, draftPage, fields, title });
}

function keepHereSoon() {
  clearTimeout(keepTimer);
  keepTimer = setTimeout(keepHere, KEEP_MS);
}

function forgetHere() {
  clearTimeout(keepTimer);
  isOnlyHere = false;
  kept.drop(windowName());
}

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
    await hear(response);
  } catch {
    if (!isOver) tryAgain(words("again"));
  }
  underWay = null;
}

async function hear(response) {
  if (response.type === "opaqueredirect" || [401, 403].includes(response.status)) {
    await signInAgain(response.status);
  } else if (response.status === 404) {
    giveUp(words("notFound"));
  } else if (response.status === 409) {
    sayWhereItIs(await response.json());
  } else if (response.status === 422) {
    say((await response.json()).problem); // and it stays in this browser until it can be saved
  } else if (response.ok) {
    noteSaved(response.headers);
  } else {
    tryAgain(words("again"));
  }
}

function noteSaved(headers) {
  const unsaved = decodeURIComponent(headers.get("X-Unsaved") ?? "");
  form.elements.version.value = headers.get("X-Draft-Version") ?? form.elements.version.value;
  say(unsaved ? words("savedExcept", { fields: unsaved }) : words("saved"));
  if (!isDirty && !unsaved) forgetHere();
  // Reloading, or coming back to this page, finds the draft again.
  if (location.pathname !== form.dataset.draftPage) history.replaceState(null, "", form.dataset.draftPage);
}

// Another window was first. What this one has is on the server all the same, and goes on being kept there.
function sayWhereItIs({ compare, kept: draft }) {
  if (!compare && !draft) {
    giveUp(words("conflict"));
    return;
  }
  if (compare) say(words("changedElsewhere"), { href: compare, text: words("compare") });
  else say(words("generatedElsewhere"), { href: draft, text: words("openDraft") });
  if (!isDirty) forgetHere();
}

// The session has ended, or another one has begun: a new token for the same person, or nothing for anybody else.
async function signInAgain(status) {
  const response = await fetch(document.getElementById("kept").dataset.new, { redirect: "manual" });
  const page = response.ok ? new DOMParser().parseFromString(await response.text(), "text/html") : null;
  const who = page?.getElementById("kept")?.dataset.person;
  const token = page?.querySelector("#video_form [name=csrfmiddlewaretoken]")?.value;
  if (response.type === "opaqueredirect") {
    tryAgain(words("signedOut"));
  } else if (who && who !== kept.person) {
    giveUp(words("otherPerson"));
  } else if (token && token !== form.elements.csrfmiddlewaretoken.value && status !== 404) {
    form.elements.csrfmiddlewaretoken.value = token;
    tryAgain(words("again"), 0);
  } else {
    giveUp(words("forbidden"));
  }
}

function giveUp(text) {
  isOver = true;
  keepHere();
  say(text);
}

function tryAgain(text, milliseconds = AGAIN_MS) {
  isDirty = true;
  keepHere();
  say(text);
  saveIn(milliseconds);
}

function noteChange(event) {
  if (event.target.type === "file") return;
  isDirty = true;
  keepHereSoon();
  saveIn(SAVE_MS);
}

// The form carries everything itself now; an older text that arrives after it must not win. It stays kept here until
// the server says that it has it.
function stop(event) {
  if (event.defaultPrevented) return;
  keepHere();
  isOver = true;
  isOnlyHere = false;
  clearTimeout(timer);
  underWay?.abort();
}

function end() {
  isOver = true;
  isDirty = isOnlyHere = false;
  clearTimeout(timer);
  clearTimeout(keepTimer);
}

function begin() {
  isOver = false;
}

function leave() {
  if (isDirty && !isOver) keepHere();
  save();
}

function askBeforeLeaving(event) {
  if (isOnlyHere) event.preventDefault();
}

// …/new/#kept=<window>: the form is filled with what is kept here, and goes on as that window.
function restore() {
  const name = location.hash.match(/^#kept=([0-9a-f-]{1,36})$/)?.[1];
  const entry = name && kept.find(name);
  if (!entry) return;
  history.replaceState(null, "", location.pathname);
  Object.assign(form.dataset, { autosave: entry.autosave, draftPage: entry.draftPage });
  const values = new Map(entry.fields);
  for (const field of form.elements) {
    if (!field.name || ["csrfmiddlewaretoken", "intent"].includes(field.name) || field.type === "file") continue;
    if (field.type === "checkbox") field.checked = values.has(field.name);
    else if (field.type === "radio") field.checked = values.get(field.name) === field.value;
    else if (values.has(field.name)) field.value = values.get(field.name);
  }
  if (values.has("audio") && !form.elements.audio) {
    form.append(Object.assign(document.createElement("input"), { type: "hidden", name: "audio", value: values.get("audio") }));
  }
  for (const field of form.elements) field.dispatchEvent(new Event("input", { bubbles: true }));
  document.querySelector(`#kept a[href$="#kept=${name}"]`)?.closest(".alert").remove();
}

if (form) {
  form.addEventListener("input", noteChange);
  form.addEventListener("submit", stop);
  addEventListener("pagehide", leave);
  addEventListener("beforeunload", askBeforeLeaving);
  document.addEventListener("kept:dropped", end);
  document.addEventListener("visibilitychange", () => document.hidden && leave());
  addEventListener("pageshow", begin);
  addEventListener("hashchange", restore);
  restore();
}
