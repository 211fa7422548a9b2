// Keys: / n j k x ?, and the command menu on Ctrl K. Single keys do nothing inside fields and can be turned off.

const OFF = "single-keys-off";
const FIELD = "input:not([type=checkbox], [type=radio], [type=button], [type=submit]), textarea, select, [contenteditable=true]";
const place = document.querySelector("[data-commands]");
let loading = null;

// Both dialogs come with the first key that needs them: pages stay light.
function load() {
  loading ??= fetch(place.dataset.commands, { headers: { "X-Requested-With": "fetch" } })
    .then((answer) => (answer.ok ? answer.text() : Promise.reject(new Error(answer.status))))
    .then((html) => {
      place.innerHTML = html;
      const keys = document.getElementById("single_keys");
      keys.checked = !localStorage.getItem(OFF);
      keys.addEventListener("change", () => {
        if (keys.checked) localStorage.removeItem(OFF);
        else localStorage.setItem(OFF, "yes");
      });
      const field = document.getElementById("command_words");
      field.addEventListener("input", () => narrow(field.value));
      document.getElementById("command_dialog").addEventListener("keydown", moveInMenu);
    })
    .catch((error) => {
      loading = null;
      throw error;
    });
  return loading;
}

async function open(id) {
  try {
    await load();
  } catch {
    return; // offline: nothing to show, and the next key tries again
  }
  if (document.querySelector("dialog[open]")) return;
  document.getElementById(id).showModal();
  if (id === "command_dialog") {
    const field = document.getElementById("command_words");
    field.value = "";
    narrow("");
    field.focus();
  }
}

const shown = () => [...document.querySelectorAll("#command_dialog a")].filter((link) => !link.parentElement.hidden);

function narrow(words) {
  const wanted = words.trim().toLowerCase();
  for (const item of document.querySelectorAll("#commands > li")) {
    item.hidden = !item.textContent.toLowerCase().includes(wanted);
  }
  find(wanted, words.trim());
}

let timer = 0;

function find(wanted, words) {
  clearTimeout(timer);
  const list = document.getElementById("found_videos");
  if (!wanted) return list.replaceChildren();
  timer = setTimeout(async () => {
    const answer = await fetch(`${list.dataset.find}?q=${encodeURIComponent(words)}`).catch(() => null);
    if (!answer?.ok || document.getElementById("command_words").value.trim() !== words) return;
    list.innerHTML = await answer.text();
  }, 200);
}

function moveInMenu(event) {
  const links = shown();
  const at = links.indexOf(document.activeElement);
  if (event.key === "ArrowDown") (links[at + 1] ?? links[0])?.focus();
  else if (event.key === "ArrowUp") (links[at - 1] ?? document.getElementById("command_words")).focus();
  else if (event.key === "Enter" && at < 0) links[0]?.click();
  else return;
  event.preventDefault();
}

function step(by) {
  const rows = [...document.querySelectorAll(".library > li")];
  const at = rows.findIndex((row) => row.contains(document.activeElement));
  const next = rows[at < 0 ? (by > 0 ? 0 : rows.length - 1) : at + by];
  const target = next?.querySelector(".open") ?? next?.querySelector("[name=video]");
  target?.focus();
  target?.scrollIntoView({ block: "nearest" });
  return Boolean(target);
}

const KEYS = {
  "/": () => press("#library_filters [name=q]", "focus") || open("command_dialog"),
  n: () => press("[data-key=n]", "click") || goTo(place.dataset.new),
  j: () => step(1),
  k: () => step(-1),
  x: () => press(".library > li:focus-within [name=video]", "click"),
  "?": () => open("keys_dialog"),
};

function press(selector, act) {
  const target = document.querySelector(selector);
  target?.[act]();
  return Boolean(target);
}

function goTo(address) {
  if (address) location.assign(address);
  return Boolean(address);
}

function onKey(event) {
  if (event.defaultPrevented || event.isComposing) return;
  if ((event.ctrlKey || event.metaKey) && !event.altKey && !event.shiftKey && event.key.toLowerCase() === "k") {
    event.preventDefault();
    open("command_dialog");
    return;
  }
  if (event.ctrlKey || event.metaKey || event.altKey || localStorage.getItem(OFF)) return;
  if (event.target.closest?.(FIELD) || document.querySelector("dialog[open], [popover]:popover-open")) return;
  const act = KEYS[event.key];
  if (act?.()) event.preventDefault();
}

if (place) document.addEventListener("keydown", onKey);
