// Blocking, in <head>: the colours are right before the first paint.
(() => {
  const root = document.documentElement;
  const dark = matchMedia("(prefers-color-scheme: dark)");
  const follow = () => root.classList.toggle("dark", dark.matches);

  root.classList.add("js");
  follow();
  dark.addEventListener("change", follow);
})();
