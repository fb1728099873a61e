// The foot of a phone: writing, attaching, commands, and what stands there instead.

import { make } from "./dom.js";
import { commands, send } from "./network.js";
import { openSheet, toolsContent } from "./sheet.js";
import { language, t } from "./texts.js";

const SAMPLE_PLACE = [14.0723, -87.1921]; // Tegucigalpa
const TOAST_MS = 4000;

export class Composer {
  constructor(root, channel) {
    this.channel = channel;
    this.screen = root.querySelector(".screen");
    this.form = root.querySelector(".composer");
    this.input = root.querySelector("textarea");
    this.sendButton = root.querySelector(".send");
    this.voiceButton = root.querySelector(".voice");
    this.begin = root.querySelector(".begin");
    this.keys = root.querySelector(".keys");
    this.toastLine = root.querySelector(".toast");
    this.more = root.querySelector(".more");
    this.input.placeholder = channel === "sms" ? t("compose.sms") : t("compose.message");
    this.input.setAttribute("aria-label", t("compose.label", { channel: t(`phones.${channel}`) }));
    this.#wire(root);
  }

  async give(what) {
    const taken = await send(this.channel, what);
    if (!taken) this.toast(t("phone.not_sent"));
    return taken;
  }

  toast(text) {
    this.toastLine.textContent = text;
    this.toastLine.hidden = false;
    clearTimeout(this.toastTimer);
    this.toastTimer = setTimeout(() => (this.toastLine.hidden = true), TOAST_MS);
  }

  /** Show what belongs at the foot: writing, "Start" or "Unblock" on Telegram, or why nothing is. */
  show({ state, blocked, empty }) {
    const live = state === "live";
    const first = this.channel === "telegram" && (blocked || empty);
    this.blocked = blocked;
    this.form.hidden = !live || first;
    this.begin.hidden = !live || !first;
    this.begin.textContent = blocked ? t("compose.unblock") : t("compose.start");
    this.more.hidden = !live;
    const elsewhere = this.screen.querySelector(".elsewhere");
    elsewhere.hidden = live;
    if (!live) {
      elsewhere.querySelector("b").textContent = state === "real" ? t("phone.real") : t("phone.off");
      elsewhere.querySelector("p").textContent = state === "real" ? t("phone.real_about") : t("phone.off_about");
    }
  }

  /** Show the keys that a Telegram bot put below the input; none takes them away. */
  showKeys(rows) {
    this.keys.hidden = !rows.length;
    this.keys.replaceChildren(
      ...rows.map((row) => {
        const line = make("div");
        for (const key of row) {
          const button = make("button", { type: "button" }, key.title);
          button.addEventListener("click", () => {
            this.showKeys([]);
            this.give(key.location ? { location: SAMPLE_PLACE } : { text: key.title });
          });
          line.append(button);
        }
        return line;
      }),
    );
  }

  #wire(root) {
    this.form.addEventListener("submit", (event) => {
      event.preventDefault();
      this.#sendText();
    });
    this.input.addEventListener("keydown", (event) => {
      if (event.key === "Enter" && !event.shiftKey && !event.isComposing) {
        event.preventDefault();
        this.#sendText();
      }
    });
    this.input.addEventListener("input", () => this.#fit());
    this.voiceButton.addEventListener("click", () => this.give({ voice: true }));
    this.begin.addEventListener("click", () => this.#start());
    const attach = root.querySelector(".attach");
    attach.addEventListener("click", () => openSheet(this.screen, t("compose.attach"), toolsContent(this.#samples()), attach));
    const menu = root.querySelector(".menu");
    menu.addEventListener("click", () => this.#openCommands(menu));
    this.more.addEventListener("click", () => openSheet(this.screen, t("compose.more"), toolsContent(this.#options()), this.more));
    this.#fit();
  }

  async #sendText() {
    const text = this.input.value.trim();
    if (!text) return;
    this.input.value = "";
    this.input.focus({ preventScroll: true });
    this.#fit();
    if (!(await this.give({ text })) && !this.input.value) {
      this.input.value = text;
      this.#fit();
    }
  }

  async #start() {
    if (this.blocked) await this.give({ block: false });
    else await this.give({ command: "/start" });
    // On a touch screen the keyboard would cover the answer.
    if (!matchMedia("(pointer: coarse)").matches) this.input.focus({ preventScroll: true });
  }

  #samples() {
    const all = [
      { icon: "photo", title: t("compose.photo"), act: () => this.give({ image: true }) },
      { icon: "pin", title: t("compose.place"), act: () => this.give({ location: SAMPLE_PLACE }) },
      { icon: "smile", title: t("compose.sticker"), act: () => this.give({ sticker: "👍" }) },
    ];
    return this.channel === "sms" ? all.slice(0, 1) : all;
  }

  #options() {
    const title = this.blocked ? t("compose.unblock") : t("compose.block");
    return [{ icon: "lock", title, act: () => this.give({ block: !this.blocked }) }];
  }

  async #openCommands(opener) {
    const found = (await commands(language)).map(({ command, description }) => ({
      title: `/${command}`,
      about: description,
      act: () => this.give({ command: `/${command}` }),
    }));
    openSheet(this.screen, t("compose.menu_about"), toolsContent(found, t("compose.no_commands")), opener);
  }

  #fit() {
    this.input.style.height = "auto";
    this.input.style.height = `${Math.min(this.input.scrollHeight, 124) || 42}px`;
    const something = this.input.value.trim() !== "";
    this.sendButton.hidden = !something && this.channel !== "sms"; // there it stands always
    this.sendButton.disabled = !something;
    this.voiceButton.hidden = something;
  }
}
