// One message on a phone: its bubble, what can be tapped, and what stands below it.

import { icon, make, unseen } from "./dom.js";
import { media } from "./media.js";
import { language, t, time } from "./texts.js";
import { words } from "./words.js";

const TICKS = { sending: "clock", sent: "tick", delivered: "ticks", read: "ticks", failed: "warn" };

/**
 * Draw a message into its list item. `tapped` gets (choice, message) of a button, `openList` a
 * message with a list; `info` is the button of the staff's fold-out, or null.
 */
export function draw(item, message, { tapped, openList, info }) {
  const line = ["tap", "blocked", "unblocked"].includes(message.kind);
  item.className = `message ${message.sender} ${message.kind === "sticker" ? "sticker-only" : ""}`;
  item.classList.toggle("line-note", line);
  item.classList.toggle("failed-message", message.status === "failed");
  if (line) return item.replaceChildren(note(message));
  const stack = make("div", { class: "stack" }, bubble(message, openList));
  if (message.buttons.length) {
    item.classList.add("with-choices");
    stack.append(choices(message, tapped));
  }
  item.replaceChildren(make("div", { class: "line" }, stack, info), ...below(message));
}

function note(message) {
  const texts = { blocked: t("message.blocked"), unblocked: t("message.unblocked") };
  return make("p", { class: "note" }, texts[message.kind] || t("message.tapped", { title: message.text }));
}

function bubble(message, openList) {
  const text = message.kind === "sticker" ? [] : words(message);
  return make(
    "div",
    { class: "bubble" },
    ...media(message),
    text.length ? make("span", { class: "words" }, ...text) : null,
    meta(message),
    message.menu ? listButton(message, openList) : null,
  );
}

function meta(message) {
  const shown = make("span", { class: "meta", "aria-live": "off" });
  shown.append(make("time", {}, time(message.at)));
  if (message.sender === "person" || message.status === "failed") {
    const states = { sending: t("message.sending"), sent: t("message.sent"), delivered: t("message.delivered"), read: t("message.read"), failed: t("message.failed") };
    shown.append(icon(TICKS[message.status], `ticks ${TICKS[message.status] === "clock" ? "clock" : ""} ${message.status}`), unseen(states[message.status]));
  }
  return shown;
}

function choices(message, tapped) {
  const box = make("div", { class: "choices" });
  for (const row of message.buttons) {
    const line = make("div", { class: "row" });
    for (const choice of row) line.append(button(choice, message, tapped));
    box.append(line);
  }
  return box;
}

function button(choice, message, tapped) {
  if (choice.url) {
    return make(
      "a",
      { class: "choice", href: choice.url, target: "_blank", rel: "noopener noreferrer" },
      choice.title, icon("out"), unseen(` (${t("message.link")})`),
    );
  }
  const waiting = choice.waiting ? " waiting" : "";
  const shown = make("button", { class: `choice${waiting}`, type: "button" });
  shown.append(...(message.channel === "whatsapp" ? [icon("reply")] : []), choice.title);
  shown.addEventListener("click", () => tapped(choice, message));
  return shown;
}

function listButton(message, openList) {
  const label = /[\p{L}\p{N}]/u.test(message.menu.button) ? [message.menu.button] : [unseen(t("message.list_empty"))];
  const shown = make("button", { class: "choice open-list", type: "button", "aria-haspopup": "dialog" }, icon("list"), ...label);
  shown.addEventListener("click", () => openList(message));
  return shown;
}

function below(message) {
  const found = [];
  if (message.sender === "network") found.push(make("p", { class: "below" }, t("message.network")));
  if (message.sms && message.sender === "faro") found.push(cost(message.sms));
  if (message.error) found.push(make("p", { class: "below bad" }, t("message.error", message.error)));
  if (message.lost) found.push(make("p", { class: "below bad" }, t("message.lost")));
  const { webhook } = message;
  if (webhook && !(webhook.status >= 200 && webhook.status < 300)) {
    const status = webhook.status || t("message.nobody");
    const again = message.status === "sending";
    const text = again ? t("message.webhook_again", { status }) : t("message.webhook_failed", { status });
    found.push(make("p", { class: "below bad" }, text));
  }
  return found;
}

function cost({ encoding, segments, price }) {
  const count = segments === 1 ? t("message.segments_one") : t("message.segments", { count: segments });
  const money = new Intl.NumberFormat(language, { minimumFractionDigits: 2 }).format(price);
  return make(
    "p",
    { class: "below cost" },
    make("b", {}, encoding), "·",
    make("span", { class: segments > 2 ? "dear" : "" }, count), "·",
    make("span", {}, t("message.price", { price: money })),
  );
}
