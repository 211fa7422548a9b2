// The words of the video form's scripts, translated by the page: <div id="video_form_words" data-…>, with {names} filled in.

const given = document.getElementById("video_form_words")?.dataset ?? {};

export function words(name, values = {}) {
  return (given[name] ?? "").replace(/\{(\w+)\}/g, (whole, key) => values[key] ?? whole);
}

export function duration(seconds) {
  const whole = Math.round(seconds);
  if (whole < 60) return words("seconds", { seconds: whole });
  return words("minutes", { minutes: Math.floor(whole / 60), seconds: whole % 60 });
}
