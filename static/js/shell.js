// What every page can do. Each behaviour stands alone, hangs on one attribute, and is not needed to get work done.

const TOAST_MS = 6000;
const UNDO_MS = 10000;
const SEND_AGAIN_MS = 8000;

// Good news leaves by itself; errors stay on the page where they were rendered.
function toastGoodNews() {
  for (const message of document.querySelectorAll("#messages > :is([data-level=success], [data-level=info])")) {
    const content = document.createElement("div");
    content.className = "toast-content";
    content.append(...message.childNodes);
    showToast(content, message.dataset.level);
    message.remove();
  }
}

function showToast(content, level) {
  const toast = document.createElement("div");
  toast.className = "toast";
  toast.setAttribute("role", level === "error" ? "alert" : "status");
  toast.dataset.level = level;
  toast.dataset.duration = content.querySelector("form") ? UNDO_MS : TOAST_MS;
  toast.append(content);
  document.getElementById("toaster")?.append(toast);
}

// <a href="…/delete/" data-opens="delete">: the dialog with that id, or the page when there is no script.
function openDialog(event) {
  const opener = event.target.closest("[data-opens]");
  const dialog = opener && document.getElementById(opener.dataset.opens);
  if (!dialog || event.ctrlKey || event.metaKey || event.shiftKey) return;
  event.preventDefault();
  dialog.showModal();
}

function closeDialogFromOutside(event) {
  if (event.target.matches?.("dialog[open]")) event.target.close();
}

// A second click on the same button must not send the same form twice.
function sendOnce(event) {
  const form = event.target;
  if (event.defaultPrevented || form.getAttribute("method")?.toLowerCase() !== "post") return;
  if (form.dataset.sent) {
    event.preventDefault();
    return;
  }
  form.dataset.sent = "yes";
  setTimeout(() => delete form.dataset.sent, SEND_AGAIN_MS);
}

function forgetSent() {
  for (const form of document.querySelectorAll("form[data-sent]")) delete form.dataset.sent;
}

// <button data-copy="id-of-input">: copies what the field shows, and says so.
async function copy(event) {
  const button = event.target.closest("[data-copy]");
  const field = button && document.getElementById(button.dataset.copy);
  if (!field) return;
  field.select();
  // The clipboard interface exists only on secure origins.
  if (navigator.clipboard) await navigator.clipboard.writeText(field.value);
  else document.execCommand("copy");
  say(document.getElementById("toaster").dataset.copied, "success");
}

function say(text, level) {
  const content = document.createElement("div");
  const section = document.createElement("section");
  content.className = "toast-content";
  section.textContent = text;
  content.append(section);
  showToast(content, level);
}

// A refresh that fails tries again by itself; what a person did must not fail in silence.
function sayFailure(event) {
  if (event.detail.requestConfig?.verb === "get") return;
  say(document.getElementById("toaster").dataset.failed, "error");
}

document.addEventListener("click", openDialog);
document.addEventListener("click", closeDialogFromOutside);
document.addEventListener("click", copy);
document.addEventListener("submit", sendOnce);
addEventListener("pageshow", forgetSent);
document.addEventListener("DOMContentLoaded", toastGoodNews);
document.addEventListener("htmx:oobAfterSwap", toastGoodNews);
document.addEventListener("htmx:responseError", sayFailure);
document.addEventListener("htmx:sendError", sayFailure);
