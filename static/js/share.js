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
