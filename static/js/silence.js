// #silent_note beside Generate: shown while nothing can be heard in the recording that was chosen, or kept before. The
// server knows the same of most files (videos/audio_silence.py). Nothing is refused for it.

const LOUDEST = 3e-4; // of full scale, -70 dB: what the server calls silent, with what converting the rate adds
const RATE = 44100; // Hz, to which the browser converts: what is heard only above is not heard
const SLICE = 256 * 1024; // bytes decoded at once: of the lowest bit rate, some four minutes
const LONGEST = 96 * 1024 * 1024; // bytes beyond which it is not looked for
const WHOLE = 8 * 1024 * 1024; // bytes, of a kind that cannot be decoded in slices
const MARGIN = 64; // samples at either end of a slice, where a decoder starts and stops

const note = document.getElementById("silent_note");

async function isQuiet(bytes) {
  const sound = await new OfflineAudioContext(1, 1, RATE).decodeAudioData(bytes);
  for (let channel = 0; channel < sound.numberOfChannels; channel += 1) {
    const samples = sound.getChannelData(channel).subarray(MARGIN, -MARGIN);
    if (samples.some((sample) => sample > LOUDEST || sample < -LOUDEST)) return false;
  }
  return true;
}

// Slice by slice up to the first that can be heard; a slice of a WAV needs the header of the whole in front of it.
export async function isSilent(file, { type, begin, end = file.size, block = 1 }) {
  if (!window.OfflineAudioContext || end - begin > LONGEST) return false;
  if (begin === undefined) return file.size <= WHOLE && isQuiet(await file.arrayBuffer());
  const header = type === "WAV" ? await file.slice(0, begin).arrayBuffer() : new ArrayBuffer(0);
  const step = SLICE - (SLICE % block);
  for (let position = begin; position < end; position += step) {
    const content = file.slice(position, Math.min(position + step, end));
    if (!(await isQuiet(await new Blob([header, content]).arrayBuffer()))) return false;
  }
  return true;
}

// What cannot be decoded here is not called silent.
export async function tellSilence(field, file, found) {
  if (!note) return;
  note.hidden = true;
  if (!file || found.problem || !found.type) return;
  const silent = await isSilent(file, found).catch(() => false);
  if (field.files[0] === file) note.hidden = !silent;
}

const remove = note?.closest("form").elements.remove_audio;
const isKeptSilent = note && !note.hidden;
remove?.addEventListener("change", () => (note.hidden = remove.checked || !isKeptSilent));
