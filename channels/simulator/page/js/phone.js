// One phone: its conversation and what belongs around it.

import { Composer } from "./composer.js";
import { icon, make } from "./dom.js";
import { draw } from "./message.js";
import { listContent, openSheet } from "./sheet.js";
import { infoButton, panel } from "./staff.js";
import { spaced, suggestions, t, time } from "./texts.js";

export class Phone {
  constructor(channel) {
    this.channel = channel;
    const copy = document.getElementById("phone").content.cloneNode(true);
    this.root = copy.querySelector(".phone");
    this.root.dataset.channel = channel;
    this.root.id = `phone-${channel}`;
    this.screen = this.root.querySelector(".screen");
    this.screen.dataset.channel = channel;
    this.log = this.root.querySelector(".log");
    this.list = this.root.querySelector(".messages");
    this.typingLine = this.root.querySelector(".typing");
    this.presence = this.root.querySelector(".presence");
    this.root.querySelector("h2").textContent = t(`phones.${channel}`);
    this.log.setAttribute("aria-label", t("phone.log", { channel: t(`phones.${channel}`) }));
    this.composer = new Composer(this.root, channel);
    this.phone = { state: "live", blocked: false };
    this.#fillTray();
    this.clear();
  }

  /** Show everything that stands on the phone; what the page has and a restarted server lost stays. */
  begin(phone, anew) {
    this.phone = phone;
    if (anew) this.clear();
    this.typing(0);
    const robot = this.channel === "telegram" ? t("phone.bot") : t("phone.robot");
    const about = { whatsapp: robot, sms: spaced(phone.ours), telegram: robot };
    this.presenceText = phone.state === "live" ? about[this.channel] : t(`phone.${phone.state}`);
    this.presence.textContent = this.presenceText;
    this.list.querySelector(".note").hidden = phone.state !== "live";
    for (const chip of this.root.querySelectorAll(".chip")) chip.disabled = phone.state !== "live";
    for (const message of phone.messages) this.#put(message, false);
    const known = new Set(phone.messages.map((message) => message.id));
    for (const message of [...this.messages.values()]) {
      const lost = message.sender === "person" && message.status === "sending" && !known.has(message.id);
      if (lost) this.#put({ ...message, status: "failed", lost }, false);
    }
    this.#foot();
    this.log.scrollTop = this.log.scrollHeight;
  }

  clear() {
    this.messages = new Map();
    this.items = new Map();
    this.open = new Set();
    this.drawn = new Map();
    this.list.replaceChildren(make("li", { class: "note" }, icon("lock"), t("phone.notice")), this.#welcome());
    this.typing(0);
    this.composer.showKeys([]);
  }

  /** Show a message, or what changed about one. */
  show(message) {
    const { scrollHeight, scrollTop, clientHeight } = this.log;
    const follows = scrollHeight - scrollTop - clientHeight < 120 || message.sender === "person";
    const isNew = !this.messages.has(message.id);
    this.#put(message, isNew);
    if (message.kind === "blocked" || message.kind === "unblocked") this.phone.blocked = message.kind === "blocked";
    if (isNew && message.sender !== "person") this.typing(0);
    this.#foot();
    if (isNew && follows) this.#toTheEnd();
    return isNew;
  }

  typing(seconds) {
    clearTimeout(this.typingTimer);
    this.typingLine.hidden = !seconds;
    this.presence.textContent = seconds ? t("phone.typing") : this.presenceText || "";
    if (!seconds) return;
    this.typingTimer = setTimeout(() => this.typing(0), seconds * 1000);
    this.#toTheEnd();
  }

  #toTheEnd() {
    this.log.scrollTop = this.log.scrollHeight;
  }

  #put(message, fresh) {
    this.messages.set(message.id, message);
    let item = this.items.get(message.id);
    if (!item) {
      this.list.querySelector(".welcome")?.remove();
      item = make("li");
      this.items.set(message.id, item);
      this.list.append(item);
      if (message.keyboard?.length) this.composer.showKeys(message.keyboard);
    }
    this.#draw(item, message, fresh);
    if (message.sender !== "person") return;
    // What the assistant made of a question stands below the answers to it.
    for (const other of this.messages.values()) {
      if (other.answers === message.id && this.open.has(other.id)) this.#draw(this.items.get(other.id), other);
    }
  }

  #draw(item, message, fresh = false) {
    const open = this.open.has(message.id);
    const asked = this.messages.get(message.answers);
    const now = JSON.stringify([message, open && [asked?.details, asked?.webhook]]);
    if (this.drawn.get(message.id) === now) return;
    this.drawn.set(message.id, now);
    const focused = [...item.querySelectorAll("button, a")].indexOf(document.activeElement);
    const info = message.sender === "faro" ? infoButton(open, () => this.#toggle(message.id)) : null;
    draw(item, message, {
      info,
      tapped: (choice) => this.composer.give({ choice: choice.payload, title: choice.title, message: message.id }),
      openList: () => this.#openList(message, item.querySelector(".open-list")),
    });
    if (open) item.append(panel(message, asked));
    item.classList.toggle("same", this.#before(item)?.sender === message.sender);
    item.classList.toggle("fresh", fresh);
    if (focused >= 0) item.querySelectorAll("button, a")[focused]?.focus({ preventScroll: true });
  }

  #before(item) {
    const before = item.previousElementSibling;
    return [...this.items].reverse().map(([id, one]) => (one === before ? this.messages.get(id) : null)).find(Boolean);
  }

  #toggle(id) {
    if (!this.open.delete(id)) this.open.add(id);
    const item = this.items.get(id);
    this.#draw(item, this.messages.get(id));
    item.querySelector(".staff")?.scrollIntoView({ block: "nearest" });
  }

  #openList(message, opener) {
    const chosen = (item) => this.composer.give({ choice: item.payload, title: item.title, message: message.id });
    const title = /[\p{L}\p{N}]/u.test(message.menu.button) ? message.menu.button : t("message.list_empty");
    openSheet(this.screen, title, listContent(message.menu, chosen), opener);
  }

  #foot() {
    const blocked = this.phone.blocked;
    this.composer.show({ state: this.phone.state, blocked, empty: this.messages.size === 0 });
    this.root.querySelector(".clock").textContent = time(Date.now() / 1000);
  }

  /** What this network is for, until something stands on the phone. */
  #welcome() {
    const mark = make("img", { src: "/simulator/page/img/avatar.svg", alt: "" });
    const about = { whatsapp: t("phone.about.whatsapp"), sms: t("phone.about.sms"), telegram: t("phone.about.telegram") };
    return make("li", { class: "welcome" }, mark, make("b", {}, t(`phones.${this.channel}`)), make("p", {}, about[this.channel]));
  }

  #fillTray() {
    const tray = this.root.querySelector(".tray");
    for (const [language, texts] of suggestions(this.channel)) {
      const line = make("div", { lang: language }, make("span", { "aria-hidden": "true" }, language.toUpperCase()));
      for (const text of texts) {
        const chip = make("button", { class: "chip", type: "button" }, text);
        chip.addEventListener("click", () => this.composer.give({ text }));
        line.append(chip);
      }
      tray.append(line);
    }
  }
}
