// <div data-shown-when="background=page|video !fast">: shown while every condition on its form's fields holds. What is
// hidden is not sent either, and is back as it was when it is shown again; with `data-kept` it is sent all the same.

function holds(form, condition) {
  const [, not, name, values] = condition.match(/^(!?)(\w+)(?:=(.*))?$/);
  const field = form.elements[name];
  const value = field.type === "checkbox" ? field.checked : field.value;
  return (values ? values.split("|").includes(value) : Boolean(value)) !== Boolean(not);
}

function showWhatApplies(form) {
  for (const part of form.querySelectorAll("[data-shown-when]")) {
    part.hidden = !part.dataset.shownWhen.split(" ").every((condition) => holds(form, condition));
  }
  for (const field of form.querySelectorAll("[data-shown-when] :is(input, select, textarea)")) {
    field.disabled = Boolean(field.closest("[data-shown-when][hidden]:not([data-kept])"));
  }
  form.dataset.decided = "";
}

function formsThatAdapt() {
  return new Set([...document.querySelectorAll("[data-shown-when]")].map((part) => part.closest("form")));
}

document.addEventListener("input", (event) => {
  if (event.target.form?.querySelector("[data-shown-when]")) showWhatApplies(event.target.form);
});
document.addEventListener("DOMContentLoaded", () => formsThatAdapt().forEach(showWhatApplies));
addEventListener("pageshow", () => formsThatAdapt().forEach(showWhatApplies)); // a browser fills the form anew on "back"
