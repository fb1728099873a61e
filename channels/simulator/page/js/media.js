// Pictures, voice notes, files and places in a message.

import { icon, make } from "./dom.js";
import { t } from "./texts.js";
import { anchor } from "./words.js";

const PAGE = "/simulator/page/img";

/** Return what a message shows besides its words, as nodes. */
export function media(message) {
  const { kind, sender } = message;
  if (kind === "location") return place(message.location);
  if (kind === "sticker") return [make("span", { class: "big", role: "img", "aria-label": t("message.sticker") }, message.text || "🙂")];
  if (sender === "person") {
    if (kind === "image") return [make("img", { class: "picture", src: `${PAGE}/photo.svg`, alt: t("message.photo") })];
    if (kind === "voice") return [voice(message.id)];
    return [];
  }
  return message.media ? [received(message.media)] : [];
}

function received({ type, url }) {
  const here = sameOrigin(url);
  if (here && type === "image") return make("img", { class: "picture", src: here, alt: t("message.photo") });
  if (here && type === "voice") return make("audio", { controls: true, src: here, preload: "none" });
  const names = { image: ["photo", t("message.photo")], voice: ["mic", t("message.voice")] };
  const [picture, name] = names[type] || ["file", t("message.document")];
  const card = anchor(url, icon(picture), make("span", {}, name, make("small", {}, url)));
  card.classList.add("card");
  return card;
}

/** Return the path of an address that our own server answers, or "": nothing else is loaded. */
function sameOrigin(url) {
  try {
    const { pathname, origin, hostname } = new URL(url, location.href);
    const local = ["127.0.0.1", "localhost"].includes(hostname) && pathname.startsWith("/simulator/media/");
    return origin === location.origin || local ? pathname : "";
  } catch {
    return "";
  }
}

function place({ lat, lon, label }) {
  const spot = `${lat.toFixed(4)}, ${lon.toFixed(4)}`;
  return [
    make("img", { class: "map", src: `${PAGE}/map.svg`, alt: t("message.place") }),
    make("p", { class: "place" }, label ? `${label} · ${spot}` : spot),
  ];
}

/** Return a voice note with a wave that is always the same for the same message. */
function voice(id) {
  const svg = document.createElementNS("http://www.w3.org/2000/svg", "svg");
  svg.setAttribute("class", "wave");
  svg.setAttribute("viewBox", "0 0 120 26");
  svg.setAttribute("aria-hidden", "true");
  let seed = [...id].reduce((sum, char) => (sum * 31 + char.charCodeAt(0)) >>> 0, 7);
  for (let x = 0; x < 40; x += 1) {
    seed = (seed * 1664525 + 1013904223) >>> 0;
    const height = 3 + (seed % 1000) / 1000 * 17 * Math.sin((x + 2) / 13) ** 2;
    const bar = document.createElementNS("http://www.w3.org/2000/svg", "rect");
    for (const [name, value] of Object.entries({ x: x * 3, y: 13 - height / 2, width: 2, height, rx: 1 })) {
      bar.setAttribute(name, value);
    }
    svg.append(bar);
  }
  return make("div", { class: "voice-note", role: "img", "aria-label": t("message.voice") }, icon("play"), svg, make("span", {}, "0:04"));
}
