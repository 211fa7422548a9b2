// What text is, as tavusweb/text_policy has it: the same characters, the same nothing, the same seconds. A browser
// test holds both against one table; change them together.

const IGNORABLE =
  "\\u00ad\\u034f\\u061c\\u115f\\u1160\\u17b4\\u17b5\\u180b-\\u180f\\u200b-\\u200f\\u202a-\\u202e\\u2060-\\u206f\\u3164\\ufe00-\\ufe0f" +
  "\\ufeff\\uffa0\\ufff0-\\ufff8\\u{1bca0}-\\u{1bca3}\\u{1d173}-\\u{1d17a}\\u{e0000}-\\u{e0fff}";
const DRAWN_AS_NOTHING = "\\u2800\\ufffc\\u{13441}\\u{13442}\\u{16fe4}\\u{1d159}";
const NOTHING = new RegExp(`[${IGNORABLE}${DRAWN_AS_NOTHING}]`, "gu");
const LINE_END = /\r\n|[\r\v\f\u0085\u2028\u2029]/gu;
const UNTYPED = /[\u0001-\u0008\u000e-\u001f\u007f-\u009f\ud800-\udfff\ufdd0-\ufdef\ufffe\uffff]/gu;

const WORDS_A_SECOND = 2.5;
const LETTERS_A_SECOND = 12.5;
const LONGEST_WORD = 20;
const BY_CHARACTER = [
  [/[\u3400-\u4dbf\u4e00-\u9fff\uf900-\ufaff\u{20000}-\u{3ffff}]/gu, 4.2],
  [/[\u3041-\u3096\u30a1-\u30fa\u31f0-\u31ff\uff66-\uff9d]/gu, 7],
  [/[\uac00-\ud7a3]/gu, 5],
  [/[\u0e01-\u0eff\u0f40-\u0fbc\u1000-\u109f\u1780-\u17d3]/gu, 11],
];

const PLACEHOLDER =
  /\{\{[^{}\n]{1,80}\}\}|\$?\{\s?[\p{L}_][\p{L}\p{N}_ .-]{0,40}\}|%%?[\p{L}_][\p{L}\p{N}_]{1,40}%%?|\*\|[\p{L}\p{N}_:]{1,40}\|\*|<<[^<>\n]{1,40}>>|(?<!\[)\[\p{L}[\p{L}\p{N}_ '-]{1,40}\](?![\](])/gu;
const MARKUP =
  /(?<!<)<\/?[A-Za-z][A-Za-z0-9:-]{0,30}(?:\s[^<>]{0,200})?\/?>|<!--|&(?:#[0-9]{1,7}|#x[0-9A-Fa-f]{1,6}|[A-Za-z]{2,8});|\*\*[^*\n]{1,200}\*\*|\[[^[\]\n]{1,100}\]\(https?:[^)\s]{1,500}\)/gu;

export function asStored(text) {
  return text.replace(LINE_END, "\n").replace(UNTYPED, "").normalize("NFC");
}

// Code points: neither UTF-16, which a browser's maxlength counts, nor what people see as one character.
export function countCharacters(text) {
  return [...asStored(text)].length;
}

export function isBlank(text) {
  return /^[\p{Z}\p{M}\p{Cc}\p{Cf}\p{Cs}\p{Co}]*$/u.test(text.replace(NOTHING, ""));
}

export function spokenSeconds(text) {
  let rest = text.replace(NOTHING, "");
  let seconds = 0;
  for (const [pattern, rate] of BY_CHARACTER) {
    seconds += (rest.match(pattern)?.length ?? 0) / rate;
    rest = rest.replace(pattern, "");
  }
  for (const word of rest.split(/[\s\u0085\u001c-\u001f]+/u)) {
    const letters = word.match(/[\p{L}\p{N}]/gu)?.length ?? 0;
    if (letters) seconds += letters <= LONGEST_WORD ? 1 / WORDS_A_SECOND : letters / LETTERS_A_SECOND;
  }
  return seconds;
}

const firstFew = (pattern, text) => [...new Set(text.match(pattern) ?? [])].slice(0, 3);

// {placeholders, markup}: what a speaker would read out although it was meant for a machine.
export function unspeakable(text) {
  return { placeholders: firstFew(PLACEHOLDER, text), markup: firstFew(MARKUP, text) };
}
