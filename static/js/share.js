// The share page's own script: it tells that the page was really seen, and turns a video that is being made into the
// finished one. The page works without it.

const LOOK_EVERY = 3000;
const TELL_EVERY = 10000;

function send(url, fields) {
  if (!navigator.sendBeacon || !navigator.sendBeacon(url, new URLSearchParams(fields))) {
    fetch(url, { method: "POST", body: new URLSearchParams(fields), keepalive: true }).catch(() => {});
  }
}

// Once the page is really in front: the tab is, and the element is on the screen.
function whenSeen(element, act) {
  if (document.visibilityState !== "visible") {
    document.addEventListener("visibilitychange", () => whenSeen(element, act), { once: true });
    return;
  }
  const observer = new IntersectionObserver((entries) => {
    if (!entries.some((entry) => entry.isIntersecting)) return;
    observer.disconnect();
    act();
  });
  observer.observe(element);
}

// One opening, by a number that only this page knows.
function countVisit() {
  const article = document.querySelector("[data-visit]");
  const isRefused = navigator.doNotTrack === "1" || navigator.globalPrivacyControl;
  if (!article || isRefused) return;
  whenSeen(article, () => {
    const visit = Array.from(crypto.getRandomValues(new Uint8Array(16)), (byte) => byte.toString(16).padStart(2, "0")).join("");
    const seconds = timeInFront();
    const video = article.querySelector("video");
    const tell = (event) => send(article.dataset.visit, { visit, event, seconds: seconds(), ...watched });
    const watched = video ? follow50(video, tell) : {};
    tell("opened");
    article.addEventListener("click", ({ target }) => {
      const event = target.closest("[data-event]")?.dataset.event;
      if (event) tell(event);
    });
    document.addEventListener("visibilitychange", () => document.visibilityState === "hidden" && tell("left"));
  });
}

// Comments: a moment jumps in our own player, and the time it shows is offered where one begins to write.
function clock(seconds) {
  const parts = [Math.floor(seconds / 3600), Math.floor(seconds / 60) % 60, Math.floor(seconds) % 60];
  const [hours, minutes, rest] = parts.map((part) => String(part));
  return (parts[0] ? `${hours}:${minutes.padStart(2, "0")}` : minutes) + `:${rest.padStart(2, "0")}`;
}

document.addEventListener("click", (event) => {
  const video = document.querySelector("video[data-player]");
  const place = event.target.closest("[data-seek]");
  const reply = event.target.closest("[data-reply]");
  const answers = document.querySelector("#write [name=answers]");
  if (place && video) {
    event.preventDefault();
    video.currentTime = Number(place.dataset.seek);
    video.scrollIntoView({ block: "nearest" });
  } else if (reply && answers) {
    event.preventDefault();
    answers.value = reply.dataset.reply;
    document.getElementById(`comment-${reply.dataset.reply}`).append(document.getElementById("write"));
    document.querySelector("#write textarea").focus();
  }
});

document.addEventListener("focusin", ({ target }) => {
  const video = document.querySelector("video[data-player]");
  const at = document.querySelector("#write [data-moment]");
  if (video && at && !at.value && target.matches("#write textarea") && video.currentTime >= 1) at.value = clock(video.currentTime);
});
// A function that says for how many seconds the page has been in front.
function timeInFront() {
  let before = 0;
  let since = performance.now();
  const sum = () => before + (since === null ? 0 : performance.now() - since);
  document.addEventListener("visibilitychange", () => {
    before = sum();
    since = document.visibilityState === "visible" ? performance.now() : null;
  });
  return () => Math.round(sum() / 1000);
}

// What is played of a video in our own player, in 50 parts: what is skipped is not played. The fields to tell of it.
function follow50(video, tell) {
  const parts = new Set();
  const quarters = [[13, "25"], [25, "50"], [38, "75"], [49, "100"]];
  let last = 0;
  const fields = { player: "own", get watched() { return [...parts].reduce((bits, part) => bits | (1n << BigInt(part)), 0n).toString(16); } };
  const note = () => {
    const step = video.currentTime - last;
    const isPlayed = step > 0 && step < 2 * Math.max(1, video.playbackRate);
    if (isPlayed && Number.isFinite(video.duration)) {
      const at = (seconds) => Math.min(49, Math.floor((seconds / video.duration) * 50));
      for (let part = at(last); part <= at(video.currentTime); part++) parts.add(part);
      while (quarters.length && parts.size >= quarters[0][0]) tell(quarters.shift()[1]);
    }
    last = video.currentTime;
  };
  video.addEventListener("play", () => tell("played"), { once: true });
  video.addEventListener("timeupdate", note);
  video.addEventListener("ended", note);
  video.addEventListener("seeking", () => { last = video.currentTime; });
  return fields;
}

// Our own player: its script is loaded when somebody uses the page, and another player takes its place when it fails.
function watchPlayer() {
  const video = document.querySelector("video[data-player]");
  if (!video) return;
  const stage = video.closest("[data-own-player]");
  const events = ["pointerover", "pointerdown", "focusin", "keydown", "play"];
  const load = () => {
    for (const each of events) document.removeEventListener(each, load, true);
    import(video.dataset.player).catch(() => {});
  };
  for (const each of events) document.addEventListener(each, load, true);
  const fallback = stage.querySelector("template[data-fallback]");
  const replace = () => stage.replaceWith(fallback.content);
  const fail = () => {
    if (!video.played.length && (video.error || video.networkState === HTMLMediaElement.NETWORK_NO_SOURCE)) replace();
  };
  const { hls, library } = video.dataset;
  if (hls && !video.canPlayType("application/vnd.apple.mpegurl")) {
    const giveUp = () => fallback && replace();
    import(hls).then(({ play }) => play(video, library, giveUp)).catch(giveUp);
  } else if (fallback) {
    video.addEventListener("error", fail, true);
    // A video that has yet to begin loading looks as if it had no source: only what lasts is a failure.
    setTimeout(fail, 1000);
  }
  if (!fallback) return;
  document.querySelector("[data-switch]")?.addEventListener("click", (event) => {
    if (!fallback.isConnected) return;
    event.preventDefault();
    replace();
    event.target.parentElement.remove();
  });
}

let toldAt = 0;

async function follow() {
  const panel = document.querySelector("#share_panel[data-live]");
  if (!panel) {
    watchPlayer();
    return countVisit();
  }
  if (document.visibilityState === "visible") {
    if (Date.now() - toldAt >= TELL_EVERY) {
      toldAt = Date.now();
      send(panel.dataset.waitingUrl, {});
    }
    try {
      const answer = await fetch(panel.dataset.live);
      if (answer.ok) {
        const next = document.createRange().createContextualFragment(await answer.text()).firstElementChild;
        if (next.innerHTML !== panel.innerHTML || !("live" in next.dataset)) panel.replaceWith(next);
      }
    } catch {
      // The network is away: the next look tries again.
    }
  }
  setTimeout(follow, LOOK_EVERY);
}

follow();
