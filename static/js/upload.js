// <div data-upload> with a <progress>, a <span> and a button: the recording is sent first, as part of the draft, and shown
// on its way; then the form is sent without it (but for a form that saves no draft). So a large file is sent once, whatever is wrong elsewhere.

import { words } from "./words.js";

const form = document.getElementById("video_form");
const part = form?.querySelector("[data-upload]");
const field = form?.elements.audio_file;

let underWay = null;

function megabytes(bytes) {
  return (bytes / 1024 / 1024).toFixed(1);
}

function say(text) {
  part.querySelector("span").textContent = text;
}

function show(event) {
  const bar = part.querySelector("progress");
  if (!event.lengthComputable) return;
  bar.value = (event.loaded / event.total) * 100;
  const isOver = event.loaded === event.total;
  say(isOver ? words("checking") : words("progress", { sent: megabytes(event.loaded), total: megabytes(event.total) }));
}

function begin(button) {
  form.dataset.uploading = "yes";
  part.hidden = false;
  part.querySelector("progress").value = 0;
  part.querySelector("progress").hidden = false;
  part.querySelector("button").hidden = false;
  say("");
  button?.setAttribute("aria-busy", "true");
}

function end(button, text = "") {
  underWay = null;
  delete form.dataset.uploading;
  part.hidden = !text;
  part.querySelector("progress").hidden = Boolean(text);
  part.querySelector("button").hidden = Boolean(text);
  say(text);
  button?.removeAttribute("aria-busy");
}

// The answer to the upload, wherever it led; rejects when there is none, or when it is called off.
function send(request) {
  const body = new FormData(form);
  body.set("intent", "draft");
  return new Promise((resolve, reject) => {
    request.upload.addEventListener("progress", show);
    request.addEventListener("load", () => resolve(request));
    request.addEventListener("error", reject);
    request.addEventListener("abort", reject);
    request.open("POST", form.action);
    request.send(body);
  });
}

const parsed = (html) => new DOMParser().parseFromString(html, "text/html").getElementById("video_form");

// The form as it is once the draft has the recording: the answer itself when something in it was wrong.
async function savedForm(request) {
  const answered = parsed(request.responseText);
  if (answered || !request.status || request.status >= 400) return answered;
  const response = await fetch(form.dataset.draftPage);
  return parsed(await response.text());
}

// What the form carries for the server: the id of the recording, and whatever else changed with the draft.
function takeOver(saved) {
  for (const input of saved.querySelectorAll("input[type=hidden]")) {
    if (input.name === "csrfmiddlewaretoken") continue;
    const ours = form.querySelector(`input[type=hidden][name="${CSS.escape(input.name)}"]`);
    if (ours) ours.value = input.value;
    else form.append(input.cloneNode());
  }
  const remove = form.elements.remove_audio;
  if (remove) remove.checked = false;
}

async function upload(event) {
  field.disabled = form.elements.speak_from?.value === "script"; // a file that was chosen before stays here
  if (event.defaultPrevented || !form.dataset.autosave || (!underWay && (field.disabled || !field.files.length))) return;
  event.preventDefault();
  event.stopImmediatePropagation();
  if (underWay) return;
  const button = event.submitter;
  underWay = new XMLHttpRequest();
  begin(button);
  try {
    const request = await send(underWay);
    if (request.status === 409) {
      end(button);
      location.assign(form.dataset.draftPage); // which shows both versions
      return;
    }
    const saved = await savedForm(request);
    const problem = saved?.querySelector("#id_audio_file_error")?.textContent.trim();
    if (problem) {
      end(button);
      field.dispatchEvent(new CustomEvent("refused", { detail: problem }));
      return;
    }
    if (!saved?.elements.audio) {
      end(button, words("notUploaded"));
      return;
    }
    takeOver(saved);
  } catch (reason) {
    end(button, reason.type === "abort" ? "" : words("uploadFailed"));
    return;
  }
  end(button);
  field.value = "";
  form.requestSubmit(button);
}

function askBeforeLeaving(event) {
  if (underWay) event.preventDefault();
}

// Whoever chooses a file speaks from it.
function speakFromIt() {
  const recording = form.querySelector("[name=speak_from][value=recording]");
  if (!field.files.length || !recording || recording.checked) return;
  recording.checked = true;
  recording.dispatchEvent(new Event("input", { bubbles: true }));
}

if (part) {
  field.addEventListener("change", speakFromIt);
  addEventListener("pageshow", () => (field.disabled = false));
  form.addEventListener("submit", upload, { capture: true });
  part.querySelector("button").addEventListener("click", () => underWay?.abort());
  addEventListener("beforeunload", askBeforeLeaving);
  addEventListener("pagehide", () => delete form.dataset.uploading); // what was typed meanwhile is still saved
}
