// <span data-says="background background_url">: a folded part of the form says what is chosen in it, and opens for an error.

const form = document.getElementById("video_form");

function choice(name) {
  const field = form.elements[name];
  if (!field || field.disabled) return "";
  if (field.type === "checkbox") return field.checked ? form.querySelector(`label[for="${field.id}"]`).textContent.trim() : "";
  return field.localName === "select" ? field.selectedOptions[0].textContent.trim() : field.value.trim();
}

function say() {
  for (const line of form.querySelectorAll("[data-says]")) {
    const chosen = line.dataset.says.split(" ").map(choice).filter(Boolean);
    line.textContent = chosen.join(" · ") || line.dataset.none;
  }
}

if (form) {
  form.addEventListener("input", () => requestAnimationFrame(say));
  addEventListener("pageshow", () => requestAnimationFrame(say));
}
