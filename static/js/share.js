// The share page's own script: it tells that the page was really seen, and turns a video that is being made into the
// finished one. The page works without it.

const LOOK_EVERY = 3000;
const TELL_EVERY = 10000;

function send(url, fields) {
  if (!navigator.sendBeacon || !navigator.sendBeacon(url, new URLSearchParams(fields))) {
    fetch(url, { method: "POST", body: new URLSearchParams(fields), keepalive: true }).catch(() => {});
  }
}

function whenSeen(act) {
  if (document.visibilityState === "visible") return act();
  document.addEventListener("visibilitychange", () => whenSeen(act), { once: true });
}

// One opening, by a number that only this page knows.
function countVisit() {
  const article = document.querySelector("[data-visit]");
  const isRefused = navigator.doNotTrack === "1" || navigator.globalPrivacyControl;
  if (!article || isRefused) return;
  const visit = Array.from(crypto.getRandomValues(new Uint8Array(16)), (byte) => byte.toString(16).padStart(2, "0")).join("");
  const tell = (event) => send(article.dataset.visit, { visit, event });
  tell("opened");
  article.addEventListener("click", ({ target }) => {
    const event = target.closest("[data-event]")?.dataset.event;
    if (event) tell(event);
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

let toldAt = 0;

async function follow() {
  const panel = document.querySelector("#share_panel[data-live]");
  if (!panel) return whenSeen(countVisit);
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
