// Plays an HLS stream in a browser that plays none by itself. Loaded by share.js, only where a stream is all there is.

export async function play(video, library, onFailure) {
  const { default: Hls } = await import(library);
  if (!Hls.isSupported()) return onFailure();
  // Without a worker, which would need a blob: URL for scripts; three segments ahead keep a phone's data plan.
  const hls = new Hls({ enableWorker: false, maxBufferLength: 20, startPosition: Number(video.dataset.start) || -1 });
  let repairs = 0;
  hls.on(Hls.Events.ERROR, (_event, { fatal, type }) => {
    if (!fatal) return;
    if (type === Hls.ErrorTypes.MEDIA_ERROR && repairs++ < 1) return hls.recoverMediaError();
    hls.destroy();
    onFailure();
  });
  hls.loadSource(video.querySelector("source").src.split("#")[0]);
  hls.attachMedia(video);
}
