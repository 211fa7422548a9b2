// <div data-recording> around a file field and an element `data-about`: what was chosen is told at once, and what cannot
// be used is told before it is sent. The file is read here, in slices; where this is not sure, the server is.

import { tellSilence } from "./silence.js";
import { duration, words } from "./words.js";

const SHORTEST = 3; // seconds
const LONGEST = 600;
const SLICE = 1024 * 1024;
const MOST_CHUNKS = 200;
const MARGIN = 0.2; // seconds: an encoder's padding, which the server knows better

const FILE = (name) => words("otherFile", { name });
const AUDIO = (name) => words("otherAudio", { name });
const OTHERS = [
  ["%PDF", FILE(words("pdf"))],
  ["PK\x03\x04", FILE(words("zip"))],
  ["\x89PNG", FILE(words("png"))],
  ["\xff\xd8\xff", FILE(words("jpeg"))],
  ["GIF8", FILE(words("gif"))],
  ["fLaC", AUDIO("FLAC")],
  ["#!AMR", AUDIO("AMR")],
  ["caff", AUDIO("CAF")],
  ["....ftypM4", AUDIO("M4A")],
  ["FORM....AIF", AUDIO("AIFF")],
  ["RIFF....AVI ", words("video")],
];
const PLAIN_WAV = new Set([1, 3, 6, 7]);
const BIT_RATES = {
  1: [32, 40, 48, 56, 64, 80, 96, 112, 128, 160, 192, 224, 256, 320],
  2: [8, 16, 24, 32, 40, 48, 56, 64, 80, 96, 112, 128, 144, 160],
};
const SAMPLE_RATES = { 3: [44100, 48000, 32000], 2: [22050, 24000, 16000], 0: [11025, 12000, 8000] };

class Reader {
  start = 0;
  held = new Uint8Array();

  constructor(file) {
    this.file = file;
  }

  // Bytes from a position on: `length` of them, or fewer at the end.
  async at(position, length) {
    if (position < this.start || position + length > this.start + this.held.length) {
      this.start = position;
      this.held = new Uint8Array(await this.file.slice(position, position + SLICE).arrayBuffer());
    }
    return this.held.subarray(position - this.start, position - this.start + length);
  }
}

const text = (bytes) => String.fromCharCode(...bytes);
const view = (bytes) => new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);

function matches(head, magic) {
  return [...magic].every((sign, at) => sign === "." || sign === head[at]);
}

// {type, seconds, problem, begin, end, block}: each is left out where it is not certain. The last three tell in bytes where
// the sound lies, and in what units.
export async function inspect(file) {
  if (!file.size) return { problem: words("empty") };
  const reader = new Reader(file);
  const start = await afterTags(reader);
  const head = text(await reader.at(start, 16));
  if (matches(head, "RIFF....WAVE")) return { type: "WAV", ...(await wavSound(reader, start)) };
  const other = OTHERS.find(([magic]) => matches(head, magic));
  if (other) return { problem: other[1] };
  const seconds = await mp3Seconds(reader, start);
  if (seconds !== undefined) return { type: "MP3", seconds, begin: start };
  return isText(await reader.at(start, SLICE)) ? { problem: FILE(words("text")) } : {};
}

function isText(bytes) {
  try {
    const decoded = new TextDecoder("utf-8", { fatal: true }).decode(bytes, { stream: true });
    return !/^\s*<|[^\P{Cc}\r\n\t\f]/u.test(decoded); // the server tells web pages and drawings apart
  } catch {
    return false;
  }
}

async function afterTags(reader) {
  let position = 0;
  for (let number = 0; number < 20; number += 1) {
    const head = await reader.at(position, 10);
    if (head.length < 10 || text(head.subarray(0, 3)) !== "ID3") break;
    const size = (head[6] << 21) | (head[7] << 14) | (head[8] << 7) | head[9];
    position += 10 + size + (head[5] & 0x10 ? 10 : 0);
  }
  return position;
}

async function wavSound(reader, start) {
  let bytesPerSecond = 0;
  let block = 1;
  let position = start + 12;
  for (let number = 0; number < MOST_CHUNKS && position + 8 <= reader.file.size; number += 1) {
    const head = await reader.at(position, 48);
    if (head.length < 8) break;
    const name = text(head.subarray(0, 4));
    const size = view(head).getUint32(4, true);
    const begin = position + 8;
    if (name === "fmt " && head.length >= 24) {
      bytesPerSecond = wavRate(view(head), size);
      block = view(head).getUint16(20, true) || 1;
    }
    if (name === "data") {
      const isUnknown = size === 0 || size === 0xffffffff;
      const end = isUnknown ? reader.file.size : Math.min(begin + size, reader.file.size);
      return bytesPerSecond && size ? { seconds: (end - begin) / bytesPerSecond, begin, end, block } : {};
    }
    position = begin + size + (size % 2);
  }
  return {};
}

function wavRate(chunk, size) {
  let code = chunk.getUint16(8, true);
  if (code === 0xfffe && size >= 40 && chunk.byteLength >= 34) code = chunk.getUint16(32, true);
  const channels = chunk.getUint16(10, true);
  const bits = chunk.getUint16(22, true);
  return PLAIN_WAV.has(code) ? chunk.getUint32(12, true) * channels * Math.ceil(bits / 8) : 0;
}

// Frame by frame to the end, or undefined as soon as anything else stands between.
async function mp3Seconds(reader, start) {
  let seconds = 0;
  let frames = 0;
  let position = start;
  while (position < reader.file.size) {
    const bytes = await reader.at(position, 64);
    const frame = mp3Frame(bytes);
    if (!frame) return frames > 2 && (await isEnd(reader, position)) ? seconds : undefined;
    const mark = text(bytes.subarray(frame.index, frame.index + 4));
    if (frames || !["Xing", "Info"].includes(mark)) {
      seconds += frame.seconds;
      frames += 1;
    }
    position += frame.size;
  }
  return frames > 2 ? seconds : undefined;
}

function mp3Frame(bytes) {
  if (bytes.length < 4 || bytes[0] !== 0xff || (bytes[1] & 0xe6) !== 0xe2) return undefined;
  const version = (bytes[1] >> 3) & 3;
  const bitRate = BIT_RATES[version === 3 ? 1 : 2][(bytes[2] >> 4) - 1];
  const rate = SAMPLE_RATES[version]?.[(bytes[2] >> 2) & 3];
  if (!bitRate || !rate) return undefined;
  const samples = version === 3 ? 1152 : 576;
  const isMono = bytes[3] >> 6 === 3;
  const size = Math.floor(((samples / 8) * bitRate * 1000) / rate) + ((bytes[2] >> 1) & 1);
  const index = 4 + (version === 3 ? (isMono ? 17 : 32) : isMono ? 9 : 17);
  return { size, seconds: samples / rate, index };
}

async function isEnd(reader, position) {
  const head = text(await reader.at(position, 8));
  return head.startsWith("TAG") || head.startsWith("APETAGEX") || head.startsWith("LYRICSBE");
}

function megabytes(bytes) {
  return bytes < 1e6
    ? words("kilobytes", { size: Math.ceil(bytes / 1000) })
    : words("megabytes", { size: (bytes / 1024 / 1024).toFixed(1) });
}

function lengthProblem(seconds) {
  if (seconds < SHORTEST - MARGIN) {
    const short = Math.floor(seconds * 10) / 10;
    return short === 1 ? words("oneSecond") : words("tooShort", { seconds: short });
  }
  if (seconds > LONGEST + MARGIN) {
    return words("tooLong", { duration: duration(Math.ceil(seconds)) });
  }
  return "";
}

// The same element as the server's own errors, so that both look and sound alike.
function tell(field, problem) {
  const id = `${field.id}_error`;
  document.getElementById(id)?.remove();
  field.setCustomValidity(problem);
  if (problem) field.setAttribute("aria-invalid", "true");
  else field.removeAttribute("aria-invalid");
  const described = (field.getAttribute("aria-describedby") ?? "").split(" ").filter((part) => part && part !== id);
  field.setAttribute("aria-describedby", [...described, ...(problem ? [id] : [])].join(" "));
  if (!problem) return;
  const error = document.createElement("div");
  const line = document.createElement("p");
  error.id = id;
  error.setAttribute("role", "alert");
  line.textContent = problem;
  error.append(line);
  field.after(error);
}

async function look(field) {
  const [file] = field.files;
  const about = field.closest("[data-recording]").querySelector("[data-about]");
  const say = (...facts) => (about.firstElementChild.textContent = facts.join(" · "));
  about.hidden = !file;
  tell(field, "");
  tellSilence(field);
  if (!file) return;
  say(file.name, megabytes(file.size));
  if (file.size > Number(field.dataset.mostBytes)) {
    tell(field, words("tooLarge"));
    return;
  }
  const found = await inspect(file).catch(() => ({})); // a file that cannot be read here is the server's to judge
  if (field.files[0] !== file) return;
  const facts = [found.type, found.seconds === undefined ? undefined : duration(found.seconds)];
  say(file.name, megabytes(file.size), ...facts.filter(Boolean));
  tell(field, found.problem ?? (found.seconds === undefined ? "" : lengthProblem(found.seconds)));
  tellSilence(field, file, found);
}

function clear(field) {
  field.value = "";
  look(field);
  field.focus();
}

// Before every other listener, so that nothing begins to send the form.
function refuse(event) {
  const wrong = event.target.querySelector("[data-recording] input[type=file]:invalid");
  if (!wrong) return;
  event.preventDefault();
  event.stopImmediatePropagation();
  wrong.focus();
}

for (const part of document.querySelectorAll("[data-recording]")) {
  const field = part.querySelector("input[type=file]");
  field.addEventListener("change", () => look(field));
  field.addEventListener("refused", (event) => {
    tell(field, event.detail);
    field.focus();
  });
  part.querySelector("[data-about] button").addEventListener("click", () => clear(field));
  addEventListener("pageshow", () => field.files.length && look(field)); // a browser fills the form anew on "back"
}
addEventListener("submit", refuse, { capture: true });
