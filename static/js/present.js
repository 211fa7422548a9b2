// <p id="others" data-present="…/present/" data-one="{name} …">: says who else has this draft open, while the page is seen.

const EVERY_MS = 15_000;

const form = document.getElementById("video_form");
const others = document.getElementById("others");

let timer = null;

async function ask() {
  clearTimeout(timer);
  timer = setTimeout(ask, EVERY_MS);
  if (document.hidden || !location.pathname.endsWith("/edit/")) return; // a new video is nobody else's until it is saved
  const { csrfmiddlewaretoken, window: name } = form.elements;
  const body = new URLSearchParams({ csrfmiddlewaretoken: csrfmiddlewaretoken.value, window: name.value });
  try {
    const response = await fetch(others.dataset.present, { method: "POST", body, redirect: "manual" });
    if (response.ok) say((await response.json()).others);
  } catch {
    // The next one asks again.
  }
}

function say(names) {
  const text = names.length ? others.dataset.words.replace("{names}", names.join(", ")) : "";
  if (others.textContent !== text) others.textContent = text;
  others.hidden = !text;
}

if (form && others) {
  ask();
  document.addEventListener("visibilitychange", () => document.hidden || ask());
}
