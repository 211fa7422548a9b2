// What was typed into a video's form and is not saved yet, in this browser's own storage: by person, workspace and
// window, for seven days. It is offered to the same person again (kept-offer.js), and cleared by signing out.

const PREFIX = "tavusweb:kept:";
const LASTS_MS = 7 * 24 * 60 * 60 * 1000;

const place = document.getElementById("kept")?.dataset ?? {};
export const person = place.person;
export const workspace = place.workspace;

const keyOf = (window) => `${PREFIX}${person}:${workspace}:${window}`;

// Storage may be full, or forbidden: then nothing is kept, and `keep` says so.
export function keep(window, entry) {
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

export function find(window) {
  return read(keyOf(window));
}

export function drop(window) {
  for (const key of all()) if (key.endsWith(`:${window}`)) localStorage.removeItem(key);
}

// Of this person in this workspace, newest first: [{window, at, title, …}].
export function offered() {
  const mine = all().filter((key) => key.startsWith(`${PREFIX}${person}:${workspace}:`));
  const entries = mine.map((key) => ({ window: key.split(":").pop(), ...read(key) }));
  return entries.sort((one, other) => other.at - one.at);
}

export function isAnythingOf(who) {
  return all().some((key) => key.startsWith(`${PREFIX}${who}:`));
}

export function dropAllOf(who) {
  document.dispatchEvent(new Event("kept:dropped")); // a form that is open keeps nothing any more
  for (const key of all()) if (key.startsWith(`${PREFIX}${who}:`)) localStorage.removeItem(key);
}

export function dropOld() {
  for (const key of all()) {
    const at = read(key)?.at;
    if (!(at > Date.now() - LASTS_MS)) localStorage.removeItem(key);
  }
}

// The server names what it has saved in cookies that only live until they are read.
export function dropSaved() {
  for (const [, window] of document.cookie.matchAll(/(?:^|; )saved_([0-9a-f-]{1,36})=/g)) {
    drop(window);
    document.cookie = `saved_${window}=; Max-Age=0; Path=/w/; SameSite=Lax`;
  }
}
