// Our own player, loaded once somebody uses the page: speed, picture in picture, keys, and times that jump.
// Playing, captions and full screen are the browser's own.

const video = document.querySelector("video[data-player]");
const stage = video.closest("[data-own-player]");
const controls = stage.querySelector(".controls");
const speed = stage.querySelector("[data-speed]");
const picture = stage.querySelector("[data-picture]");
const SPEEDS = Array.from(speed.options, (option) => Number(option.value));

controls.hidden = false;
speed.addEventListener("change", () => (video.playbackRate = Number(speed.value)));
video.addEventListener("ratechange", () => (speed.value = String(video.playbackRate)));

if (document.pictureInPictureEnabled && "requestPictureInPicture" in video) {
  picture.hidden = false;
  picture.addEventListener("click", () => {
    if (document.pictureInPictureElement) document.exitPictureInPicture();
    else video.requestPictureInPicture().catch(() => {});
  });
}

function seek(second) {
  video.currentTime = Math.max(0, Number.isFinite(video.duration) ? Math.min(second, video.duration) : second);
}

function step(by) {
  const next = SPEEDS[SPEEDS.indexOf(video.playbackRate) + by];
  if (next) video.playbackRate = next;
}

function toggleCaptions() {
  const tracks = [...video.textTracks];
  const isShown = tracks.some((track) => track.mode === "showing");
  const language = document.documentElement.lang;
  const wanted = tracks.find((track) => track.language.split("-")[0] === language) ?? tracks[0];
  for (const track of tracks) track.mode = !isShown && track === wanted ? "showing" : "disabled";
}

const KEYS = {
  k: () => (video.paused ? video.play() : video.pause()),
  j: () => seek(video.currentTime - 10),
  l: () => seek(video.currentTime + 10),
  m: () => (video.muted = !video.muted),
  c: toggleCaptions,
  f: () => (document.fullscreenElement ? document.exitFullscreen() : video.requestFullscreen?.()),
  "<": () => step(-1),
  ">": () => step(1),
};

// Only while the player has the focus: single keys belong to whoever types elsewhere.
stage.addEventListener("keydown", (event) => {
  const act = KEYS[event.key.toLowerCase()];
  if (!act || event.ctrlKey || event.metaKey || event.altKey || event.target === speed) return;
  event.preventDefault();
  act();
});
