// Blocking, in <head>: the colours are right before the first paint. The choice is in a cookie: see tavusweb/appearance.py.
(() => {
  const root = document.documentElement;
  const [theme, contrast] = (/(?:^|; )appearance=([a-z.]+)/.exec(document.cookie)?.[1] ?? "").split(".");
  const dark = matchMedia("(prefers-color-scheme: dark)");
  const follow = () => root.classList.toggle("dark", theme === "dark" || (theme !== "light" && dark.matches));

  root.classList.add("js");
  root.classList.toggle("more-contrast", contrast === "more");
  follow();
  dark.addEventListener("change", follow);
})();
