// Returns what a person would see as broken: texts or controls on top of each other, text that leaves its box, text cut off.
() => {
  const CONTROLS = "button, input:not([type=hidden]), select, textarea, summary, a.btn, [role=switch]";
  const SLACK = 2; // px
  const name = (node) => (node.textContent || node.value || node.name || node.tagName).trim().replace(/\s+/g, " ").slice(0, 40);
  const of = (node) => (node.nodeType === Node.TEXT_NODE ? node.parentElement : node);
  const style = (element) => getComputedStyle(element);
  const up = function* (element) {
    for (let each = element; each; each = each.parentElement) yield each;
  };

  function isSeen(element) {
    if (!element.checkVisibility({ opacityProperty: true, visibilityProperty: true })) return false;
    for (const each of up(element)) {
      const { clipPath, clip } = style(each);
      if (clipPath.startsWith("inset(50%") || clip.startsWith("rect(0px, 0px") || clip.startsWith("rect(1px, 1px")) return false;
    }
    return true;
  }

  // What floats above the page covers it on purpose; within a layer nothing may.
  function layerOf(element) {
    for (const each of up(element)) {
      if (each.matches("dialog, [popover]") || ["fixed", "sticky"].includes(style(each).position)) return each;
    }
    return null;
  }

  const isBox = (element) => !["inline", "contents"].includes(style(element).display);
  const scrolls = (value) => value === "auto" || value === "scroll";
  const hides = (value) => value === "hidden" || value === "clip";

  // The part that is not clipped by what it is in, and whether it was cut without a sign of it.
  function shown(rect, element) {
    let { left, right, top, bottom } = rect;
    let cut = "";
    for (const each of up(element)) {
      const { overflowX, overflowY, textOverflow, webkitLineClamp, display, position } = style(each);
      if (display === "inline" || (overflowX === "visible" && overflowY === "visible")) {
        if (position === "fixed") break;
        continue;
      }
      const box = each.getBoundingClientRect();
      const says = textOverflow === "ellipsis" || webkitLineClamp !== "none" || each === document.body || each === document.documentElement;
      if (!says && hides(overflowX) && (right > box.right + SLACK || left < box.left - SLACK) && right > box.left && left < box.right) cut = "sideways";
      if (!says && hides(overflowY) && bottom > box.bottom + SLACK && top < box.bottom - SLACK) cut = "below";
      if (overflowX !== "visible") [left, right] = [Math.max(left, box.left), Math.min(right, box.right)];
      if (overflowY !== "visible") [top, bottom] = [Math.max(top, box.top), Math.min(bottom, box.bottom)];
      if (scrolls(overflowX) || scrolls(overflowY)) cut = "";
    }
    return { left, right, top, bottom, cut };
  }

  const found = new Set();
  const things = [];
  const walker = document.createTreeWalker(document.body, NodeFilter.SHOW_TEXT);
  while (walker.nextNode()) {
    const node = walker.currentNode;
    const element = node.parentElement;
    if (!node.data.trim() || element.closest("script, style, noscript, option, textarea, svg, template") || !isSeen(element)) continue;
    const range = document.createRange();
    range.selectNodeContents(node);
    let box = element;
    while (!isBox(box)) box = box.parentElement;
    const edge = box.getBoundingClientRect();
    const isFree = scrolls(style(box).overflowX) || hides(style(box).overflowX);
    for (const rect of range.getClientRects()) {
      if (rect.width < 1 || rect.height < 1) continue;
      const third = rect.height / 4; // letters without the room above and below them
      const core = { left: rect.left, right: rect.right, top: rect.top + third, bottom: rect.bottom - third };
      const part = shown(core, element);
      if (part.cut) found.add(`cut ${part.cut}: “${name(node)}”`);
      if (!isFree && (rect.right > edge.right + SLACK || rect.left < edge.left - SLACK)) found.add(`wider than its box: “${name(node)}”`);
      if (part.right - part.left > SLACK && part.bottom - part.top > SLACK) things.push({ node, ...part, layer: layerOf(element), isText: true });
    }
  }
  for (const control of document.querySelectorAll(CONTROLS)) {
    if (!isSeen(control)) continue;
    const part = shown(control.getBoundingClientRect(), control);
    if (part.right - part.left > SLACK && part.bottom - part.top > SLACK) things.push({ node: control, ...part, layer: layerOf(control), isText: false });
  }

  const belongs = (one, other) => {
    if (one.node === other.node || one.node.contains(other.node) || other.node.contains(one.node)) return true;
    const [a, b] = [of(one.node), of(other.node)];
    return a.contains(b) && !one.isText ? true : b.contains(a) && !other.isText;
  };
  things.sort((one, other) => one.top - other.top);
  things.forEach((one, at) => {
    for (const other of things.slice(at + 1)) {
      if (other.top > one.bottom - SLACK) break;
      if (one.layer !== other.layer || belongs(one, other)) continue;
      const wide = Math.min(one.right, other.right) - Math.max(one.left, other.left);
      const high = Math.min(one.bottom, other.bottom) - Math.max(one.top, other.top);
      if (wide > SLACK && high > SLACK) found.add(`“${name(one.node)}” and “${name(other.node)}” overlap`);
    }
  });
  if (document.documentElement.scrollWidth > innerWidth) found.add(`scrolls sideways by ${document.documentElement.scrollWidth - innerWidth} px`);
  return [...found];
}
