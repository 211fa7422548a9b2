// A picture moves while it is looked at: a replica's clip (<video data-moves>), a video's GIF (<img data-moves="…">).

const HOLDER = "li, article, button";
const calm = matchMedia("(prefers-reduced-motion: reduce)");

function pictureOf(event) {
  return event.target.closest?.(HOLDER)?.querySelector("[data-moves]");
}

function move(event) {
  const picture = pictureOf(event);
  if (!picture || calm.matches) return;
  if (picture.localName === "video") {
    // Left before it had begun: nothing to say.
    picture.play().catch(() => {});
  } else if (!picture.dataset.still) {
    picture.dataset.still = picture.src;
    picture.src = picture.dataset.moves;
  }
}

function rest(event) {
  const picture = pictureOf(event);
  if (!picture || picture.closest(HOLDER).contains(event.relatedTarget)) return;
  if (picture.localName === "video") {
    picture.pause();
  } else if (picture.dataset.still) {
    picture.src = picture.dataset.still;
    delete picture.dataset.still;
  }
}

document.addEventListener("pointerover", move);
document.addEventListener("pointerout", rest);
document.addEventListener("focusin", move);
document.addEventListener("focusout", rest);
