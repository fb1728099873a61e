// Formatted text as each app shows it: WhatsApp's marks, Telegram's runs, plain SMS; with links.

import { make, unseen } from "./dom.js";
import { t } from "./texts.js";

const LINK = /\bhttps?:\/\/[^\s<>"]*[^\s<>".,;:!?)\]'*_~]/g;
const MARKS = [
  ["code", /```([^]+?)```/],
  ["b", /(?<![\p{L}\p{N}*])\*(?=\S)([^*\n]+?)(?<=\S)\*(?![\p{L}\p{N}*])/u],
  ["i", /(?<![\p{L}\p{N}_])_(?=\S)([^_\n]+?)(?<=\S)_(?![\p{L}\p{N}_])/u],
  ["s", /(?<![\p{L}\p{N}~])~(?=\S)([^~\n]+?)(?<=\S)~(?![\p{L}\p{N}~])/u],
];
const TAGS = {
  bold: "b", italic: "i", underline: "u", strikethrough: "s", code: "code", pre: "pre", blockquote: "blockquote",
};

/** Return the words of a message as nodes. */
export function words(message) {
  if (message.runs?.length) return message.runs.map(([text, styles, link]) => run(text, styles, link));
  return message.channel === "whatsapp" ? marked(message.text) : linked(message.text);
}

function run(text, styles, link) {
  let node = link ? anchor(link, text) : make("span", {}, ...linked(text));
  for (const style of [...styles].reverse()) {
    if (style === "spoiler") node = make("span", { class: "spoiler", tabIndex: 0 }, node);
    else if (TAGS[style]) node = make(TAGS[style], {}, node);
  }
  return node;
}

function marked(text) {
  const links = [...text.matchAll(LINK)].map((found) => [found.index, found.index + found[0].length]);
  const outside = (at) => !links.some(([start, end]) => at >= start && at < end);
  for (const [tag, pattern] of MARKS) {
    const found = pattern.exec(text);
    if (!found || !outside(found.index)) continue;
    const inner = tag === "code" ? [found[1]] : marked(found[1]);
    const end = found.index + found[0].length;
    return [...marked(text.slice(0, found.index)), make(tag, {}, ...inner), ...marked(text.slice(end))];
  }
  return linked(text);
}

function linked(text) {
  const nodes = [];
  let position = 0;
  for (const found of text.matchAll(LINK)) {
    nodes.push(text.slice(position, found.index), anchor(found[0], found[0]));
    position = found.index + found[0].length;
  }
  nodes.push(text.slice(position));
  return nodes.filter((node) => node !== "");
}

export function anchor(url, ...content) {
  if (!/^(https?|tel|tg):/.test(url)) return make("span", {}, ...content);
  return make(
    "a",
    { href: url, target: "_blank", rel: "noopener noreferrer" },
    ...content,
    unseen(` (${t("message.link")})`),
  );
}
