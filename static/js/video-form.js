// The form of a video: what is counted while typing, where one looks after an error.

import { countCharacters, isBlank, spokenSeconds, unspeakable } from "./text-policy.js";
import { duration, words } from "./words.js";

const NEARLY = 0.9; // of the limit, from where on it is told
const ADVISED_SECONDS = 5 * 60;

const form = document.getElementById("video_form");
const segmenter = window.Intl?.Segmenter && new Intl.Segmenter(undefined, { granularity: "word" });

function countWords(text) {
  if (!segmenter) return text.split(/\s+/).filter(Boolean).length;
  let count = 0;
  for (const part of segmenter.segment(text)) count += part.isWordLike ? 1 : 0;
  return count;
}

// <textarea data-count-of="id">: two spans in that element tell how much it is, and how long it takes to say.
function count(script) {
  const [size, length] = document.getElementById(script.dataset.countOf).children;
  const number = countWords(script.value).toLocaleString();
  const seconds = spokenSeconds(script.value);
  const limit = Number(script.dataset.limit);
  const characters = countCharacters(script.value);
  const isNear = characters > limit * NEARLY;
  const counted = { characters: characters.toLocaleString(), limit: limit.toLocaleString(), words: number };
  size.textContent = words(isNear ? "sizeLimit" : "size", counted);
  size.classList.toggle("over", characters > limit);
  length.textContent = seconds ? words("length", { duration: duration(Math.max(seconds, 1)) }) : "";
  form.querySelector(".long-script").hidden = seconds <= ADVISED_SECONDS;
  note(script.value, seconds);
}

// Beside Generate, what the server would say there too (videos/script_notes.py). Nothing is refused for a note.
function note(script, seconds) {
  const { placeholders, markup } = unspeakable(script);
  const notes = [
    placeholders.length && words("placeholders", { found: placeholders.join(", ") }),
    markup.length && words("markup", { found: markup.join(", ") }),
    !isBlank(script) && !seconds && words("unspeakable"),
  ].filter(Boolean);
  const area = document.getElementById("script_notes");
  const section = area.querySelector("section");
  if (notes.join() === [...section.children].map((line) => line.textContent).join()) return;
  section.replaceChildren(...notes.map((text) => Object.assign(document.createElement("p"), { textContent: text })));
  area.hidden = !notes.length;
}

let isCounting = false;

function countSoon(event) {
  if (!event.target.matches("[data-count-of]") || isCounting) return;
  isCounting = true;
  requestAnimationFrame(() => {
    isCounting = false;
    count(event.target);
  });
}

// Generate buys a video: it is pressed, never hit by Enter in a field.
function ignoreEnter(event) {
  if (event.key === "Enter" && event.target.matches("input[type=text]")) event.preventDefault();
}

function sayBusy(event) {
  if (!event.defaultPrevented) event.submitter?.setAttribute("aria-busy", "true");
}

// A page that the browser brings back is as it was before the click.
function sayWhatItWas() {
  for (const button of form.querySelectorAll("[aria-busy]")) button.removeAttribute("aria-busy");
  form.querySelectorAll("[data-count-of]").forEach(count);
}

if (form) {
  form.addEventListener("input", countSoon);
  form.addEventListener("keydown", ignoreEnter);
  form.addEventListener("submit", sayBusy);
  addEventListener("pageshow", sayWhatItWas);
  form.querySelector("[aria-invalid=true]")?.focus();
}
