// <div data-checks="url">: the notes beside Generate, asked for anew when the form has rested for a moment; and the
// question before an API key buys for the first time: <dialog data-first-keys="key key">.

const REST_MS = 600;

const form = document.getElementById("video_form");
const place = form?.querySelector("[data-checks]");
const dialog = document.getElementById("first_purchase");

let timer = null;
let seen = "";
let underWay = null;
let isAgreed = false;

function askSoon() {
  clearTimeout(timer);
  timer = setTimeout(ask, REST_MS);
}

async function ask() {
  underWay?.abort();
  underWay = new AbortController();
  const typed = [...new FormData(form)].filter(([, value]) => typeof value === "string");
  try {
    const response = await fetch(place.dataset.checks, {
      method: "POST",
      body: new URLSearchParams(typed),
      headers: { "X-Seen": seen },
      redirect: "manual",
      signal: underWay.signal,
    });
    if (response.status !== 200) return;
    seen = response.headers.get("X-Seen") ?? "";
    const notes = new DOMParser().parseFromString(await response.text(), "text/html");
    place.replaceChildren(...notes.body.childNodes);
  } catch {
    // What stands there stays; the next change asks again.
  }
}

// Generate with a key that has bought nothing yet asks back, once.
function askBack(event) {
  const button = event.target.closest("button[name=intent][value=generate]");
  const keys = (dialog?.dataset.firstKeys ?? "").split(" ");
  if (!button || isAgreed || !keys.includes(form.elements.api_key?.value)) return;
  event.preventDefault();
  dialog.showModal();
}

function agree() {
  isAgreed = true;
  dialog.close();
  form.querySelector("button[name=intent][value=generate]").click();
}

if (place) {
  form.addEventListener("input", askSoon);
  form.addEventListener("click", askBack);
  dialog?.querySelector("[data-agree]").addEventListener("click", agree);
}
