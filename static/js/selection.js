// Ticked rows: all of the page, a range with Shift, how many there are, and menus that close by themselves.

const boxes = () => [...document.querySelectorAll(".library [name=video]")];
let last = null;

function show() {
  const all = boxes();
  const ticked = all.filter((box) => box.checked).length;
  const form = document.getElementById("selected");
  const page = form?.querySelector("[data-selects-page]");
  if (!page) return;
  page.checked = ticked > 0 && ticked === all.length;
  page.indeterminate = ticked > 0 && ticked < all.length;
  const text = form.querySelector("[data-selected-count]");
  text.dataset.none ??= text.textContent;
  text.textContent = ticked ? form.dataset.selected.replace("%s", ticked) : text.dataset.none;
}

function tickRange(event) {
  const box = event.target.closest?.(".library [name=video]");
  if (!box) return;
  const all = boxes();
  if (event.shiftKey && last && all.includes(last)) {
    const [from, to] = [all.indexOf(last), all.indexOf(box)].sort((one, other) => one - other);
    for (const each of all.slice(from, to + 1)) each.checked = box.checked;
  }
  last = box;
  show();
}

function tickPage(event) {
  if (!event.target.matches?.("[data-selects-page]")) return;
  for (const box of boxes()) box.checked = event.target.checked;
  show();
}

function closeMenus(event) {
  for (const menu of document.querySelectorAll(".row-menu[open]")) {
    if (!menu.contains(event.target)) menu.open = false;
  }
}

function closeMenuByKey(event) {
  const menu = event.key === "Escape" && event.target.closest?.(".row-menu[open]");
  if (!menu) return;
  menu.open = false;
  menu.querySelector("summary").focus();
}

document.addEventListener("click", tickRange);
document.addEventListener("change", tickPage);
document.addEventListener("click", closeMenus);
document.addEventListener("focusin", closeMenus);
document.addEventListener("keydown", closeMenuByKey);
document.addEventListener("htmx:afterSwap", show);
addEventListener("pageshow", show);
